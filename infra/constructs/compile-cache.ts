import { Effect, PolicyStatement, type Role, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { readObjects, writeObjects } from './grants.ts';

/** As container/worker/compile_cache.py names its keys. */
export const compileCache = 'compile-cache/';

/**
 * What torch.compile made is code: whoever can write it runs code on every worker. So the worker's role alone writes
 * there, each object once, and the bucket itself says so to everybody else in the account. Nobody of ours deletes: a
 * person may, and old ones expire.
 */
export function keepCompileCache(bucket: Bucket, worker: Role): void {
  const keys = `${compileCache}*`;
  worker.addToPolicy(readObjects(bucket, keys));
  worker.addToPolicy(writeObjects(bucket, keys));
  const deny = (condition: Readonly<Record<string, unknown>>) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new StarPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(keys)],
        conditions: condition,
      }),
    );
  // For a session of a role this key holds the ARN of the role.
  deny({ StringNotEquals: { 'aws:PrincipalArn': worker.roleArn } });
  // S3 User Guide, "Enforce conditional writes": rules out parts and copies, too, which the worker does not use.
  deny({ Null: { 's3:if-none-match': 'true' } });
}
