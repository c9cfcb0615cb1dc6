import type { Stack } from 'aws-cdk-lib';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { queuePrefix } from '../functions/core/market/pools.ts';
import { acknowledge } from './acknowledge.ts';
import { stateMachineName } from './constructs/grants.ts';

/** Keys of the bucket that a policy names with a `*`; test/privilege shows that each is needed and no more is granted. */
const keys: Readonly<Record<string, string>> = {
  'models/*': 'A model is many files, of any revision.',
  'loras/*': 'A LoRA is named by its file.',
  'start-images/*': 'A start picture is named by its hash.',
  'compile-cache/*': 'What was compiled is named by image, GPU, model and shapes.',
  'images/*': 'An image is named by the hash of its recipe.',
  'thumbnails/*': 'A thumbnail is named as its image.',
  'jobs/*': 'Of whichever job is closed, or opened by its token.',
  'jobs/*/job.json': 'One function serves all jobs.',
  'jobs/*/recipes.jsonl': 'One function serves all jobs.',
  'jobs/*/prices.json': 'One function serves all jobs.',
  'jobs/*/parts/*': 'One function serves all jobs.',
  'jobs/*/receipt.json': 'One function serves all jobs.',
  'jobs/*/shards/*': 'One function serves all jobs.',
  'jobs/*/attempts/*': 'One function serves all jobs.',
  '*': 'A prompts file or a wildcard list may lie anywhere in the bucket.',
};

/** Resources of other services that can't be named before they exist. */
function listOthers(region: string): Readonly<Record<string, string>> {
  const own = (service: string, resource: string) => `arn:aws:${service}:${region}:<AWS::AccountId>:${resource}`;
  const roles = ['spot', 'batch', 'ecs', 'autoscaling'].map((name) => [
    `arn:aws:iam::<AWS::AccountId>:role/aws-service-role/${name}.amazonaws.com/*`,
    'AWS chooses the name of a service-linked role.',
  ]);
  return {
    '*': 'Describing calls, prices, X-Ray, the delivery of logs and a login to ECR know no resource.',
    [own('batch', 'job/*')]: 'Batch chooses the id of a job.',
    [own('batch', `job-queue/${queuePrefix}*`)]: 'The queues of this stack, by their prefix.',
    [own('batch', 'compute-environment/*')]: 'Compute environments are unnamed on purpose.',
    [own('batch', 'job-definition/spot-diffusion-worker:*')]: 'Every revision: a deploy must not break planned jobs.',
    [own('states', `execution:${stateMachineName}:*`)]: 'Executions of the one machine, named by their jobs.',
    [own('scheduler', 'schedule/spot-diffusion/look-again-*')]: 'Our own timers, by their prefix.',
    [own('ec2', 'instance/*')]: 'Held to the tag of our workers by a condition.',
    [`arn:aws:ec2:${region}::image/*`]: 'Held to the tag of our AMIs by a condition.',
    [`arn:aws:ec2:${region}::snapshot/*`]: 'Held to the tag of Image Builder by a condition.',
    ...Object.fromEntries(roles),
  };
}

/** The arguments for each `*` in a policy of ours. Whether one is used is not read but run: test/privilege. */
export function arguePolicies(stack: Stack, bucket: Bucket): void {
  const id = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
  for (const [key, reason] of Object.entries(keys)) {
    acknowledge(stack, { [`AwsSolutions-IAM5[Resource::<${id}.Arn>/${key}]`]: reason });
  }
  for (const [resource, reason] of Object.entries(listOthers(stack.region))) {
    acknowledge(stack, { [`AwsSolutions-IAM5[Resource::${resource}]`]: reason });
  }
}
