import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCache } from '../../../infra/constructs/compile-cache.ts';
import { root } from '../../../infra/paths.ts';
import { aTemplate } from '../synth.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const template = aTemplate({ goldenAmi: true, placementScores: true });
const statementsOf = (document: { Statement: readonly Statement[] }) => document.Statement;
const [bucketPolicy] = Object.values(template.findResources('AWS::S3::BucketPolicy'));

/** The keys of our bucket that a statement names, as patterns; for a `*` all of them. */
function keysOf(resource: unknown): readonly string[] {
  return [resource].flat().flatMap((one) => {
    if (one === '*') return ['*'];
    const [, [bucket, key] = []] = (one as { 'Fn::Join'?: [string, [unknown, string]] })['Fn::Join'] ?? [];
    return JSON.stringify(bucket)?.includes('StorageBucket') && key ? [key.replace(/^\//, '')] : [];
  });
}

const covers = (pattern: string, key: string) =>
  new RegExp(`^${pattern.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(key);

/** Each policy's roles and the actions on S3 that they get for a key of the cache. */
function grantsOn(key: string): readonly (readonly [roles: string, action: string])[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
    statementsOf(Properties.PolicyDocument)
      .filter(({ Effect, Resource }) => Effect === 'Allow' && keysOf(Resource).some((one) => covers(one, key)))
      .flatMap(({ Action }) => [Action].flat().filter((action) => /^(\*|s3:)/.test(action)))
      .map((action) => [Properties.Roles.map(({ Ref }: { Ref: string }) => Ref).join(), action] as const),
  );
}

describe('the compile cache', () => {
  const grants = grantsOn(`${compileCache}sha256-abc/NVIDIA-L4/sdxl@1/plain/sha256`);

  it('is written by the worker alone, and deleted by nobody of ours: it is code', () => {
    const others = grants.filter(([, action]) => action !== 's3:GetObject');
    expect(others).toEqual([[expect.stringMatching(/^WorkerRole/), 's3:PutObject']]);
  });

  it('is read by the worker, and by the one who reads wherever prompts may lie', () => {
    const readers = grants.filter(([, action]) => action === 's3:GetObject').map(([roles]) => roles);
    expect(readers.sort()).toEqual([
      expect.stringMatching(/^FunctionsValidatePrompts\w*Role/i),
      expect.stringMatching(/^WorkerRole/),
    ]);
  });

  it('takes no write of anybody else in the account, and none over what is there', () => {
    const denied = statementsOf(bucketPolicy?.Properties.PolicyDocument).filter(({ Resource }) =>
      keysOf(Resource).includes(`${compileCache}*`),
    );
    const always = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject' };
    const worker = { 'Fn::GetAtt': [expect.stringMatching(/^WorkerRole/), 'Arn'] };
    expect(denied).toEqual([
      expect.objectContaining({ ...always, Condition: { StringNotEquals: { 'aws:PrincipalArn': worker } } }),
      expect.objectContaining({ ...always, Condition: { Null: { 's3:if-none-match': 'true' } } }),
    ]);
  });

  it('lies where the worker keeps it, and what it writes there is conditional', () => {
    const worker = readFileSync(join(root, 'container', 'worker', 'compile_cache.py'), 'utf8');
    expect(worker).toContain(`PREFIX = "${compileCache.replace(/\/$/, '')}"`);
    expect(worker.match(/_bucket\.\w*put\w*\(/g)).toEqual(['_bucket.put_once(', '_bucket.put_once(']);
  });
});
