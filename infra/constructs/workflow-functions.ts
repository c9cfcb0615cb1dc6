import { Duration } from 'aws-cdk-lib';
import type { FunctionContext, FunctionSpec } from './function-spec.ts';
import { describe, listObjects, readObjects, tagObjects, terminateJobs, useLedger, writeObjects } from './grants.ts';

const shards = 'jobs/*/shards/*';
const attempts = 'jobs/*/attempts/*';
const recipes = 'jobs/*/recipes.jsonl';
const prices = 'jobs/*/prices.json';
const jobFile = 'jobs/*/job.json';
const parts = 'jobs/*/parts/*';
const receipts = 'jobs/*/receipt.json';
const startImages = 'start-images/*';

/** The functions that are states of the machine, each with what it may do and nothing else. */
export function listWorkflowFunctions(context: FunctionContext): readonly FunctionSpec[] {
  const { bucket, table, scope, sharp, environment, placementScores } = context;
  return [
    {
      name: 'validate-prompts',
      description: 'Parses the input, expands the prompts, reports all problems',
      environment: { ...environment.bucket, ...environment.table, ...environment.model },
      // A prompts file or a wildcard list may lie anywhere in the bucket.
      statements: [
        readObjects(bucket, '*'),
        listObjects(bucket),
        writeObjects(bucket, jobFile, recipes, parts, startImages),
        useLedger(table, 'PutItem'),
      ],
      // Measured, the bundle in a process of its own: 100,000 prompts of 200 characters 3.3 s and 280 MB, a million 53 to
      // 81 s and 650 MB; 300,000 of the longest, 2,000 characters, 83 s and 1,330 MB, so that a million of them stay below
      // 300 s and may take all of this. A new account gets 3,008 MB at most, with 1.7 vCPUs.
      memoryMib: 3008,
      timeout: Duration.minutes(15),
    },
    {
      name: 'plan-job',
      description: 'Ranks the pools, cuts the shards, says the cost',
      environment: { ...environment.bucket, ...environment.table, ...environment.pools, ...environment.outlook },
      statements: [
        readObjects(bucket, recipes, parts),
        writeObjects(bucket, shards, prices),
        tagObjects(bucket, shards),
        useLedger(table, 'Query', ...(placementScores ? (['GetItem', 'PutItem'] as const) : [])),
        readOutlook(),
        ...(placementScores ? [describe('ec2:GetSpotPlacementScores')] : []),
      ],
      memoryMib: 1024,
      timeout: Duration.minutes(5),
    },
    {
      name: 'next-part',
      description: 'The part of a large job that comes next, within what is left of its limits',
      environment: environment.bucket,
      statements: [readObjects(bucket, receipts), listObjects(bucket)],
    },
    {
      name: 'find-missing-images',
      description: 'Asks the bucket which images of a shard exist',
      environment: environment.bucket,
      statements: [readObjects(bucket, shards, 'images/*'), listObjects(bucket)],
    },
    {
      name: 'pick-spot-pool',
      description: 'The cheapest image for what is left of a shard; reserves its worst case',
      environment: { ...environment.bucket, ...environment.table, ...environment.pools, ...environment.outlook },
      statements: [
        readObjects(bucket, shards, 'images/*'),
        listObjects(bucket),
        useLedger(table, 'GetItem', 'UpdateItem', 'Query'),
        readOutlook(),
      ],
    },
    {
      name: 'settle-attempt',
      description: 'Says what the end of an attempt means and what it cost',
      environment: { ...environment.bucket, ...environment.table },
      statements: [
        readObjects(bucket, attempts, shards),
        listObjects(bucket),
        writeObjects(bucket, attempts),
        useLedger(table, 'GetItem', 'UpdateItem', 'Query'),
        describe('batch:ListJobs'),
        terminateJobs(scope),
      ],
    },
    {
      name: 'make-thumbnails',
      description: '256 and 512 pixel WebP of a shard, each image decoded once',
      environment: environment.bucket,
      statements: [
        readObjects(bucket, shards, 'images/*', 'thumbnails/*'),
        listObjects(bucket),
        writeObjects(bucket, 'thumbnails/*'),
      ],
      memoryMib: 1769, // one whole vCPU
      timeout: Duration.minutes(15),
      layers: [sharp],
    },
    {
      name: 'close-job',
      description: 'Reconciles a job; writes manifest, report, contact sheet, receipt, requeue file',
      environment: { ...environment.bucket, ...environment.table, ...environment.closing },
      statements: closingStatements(context),
      memoryMib: 1769,
      timeout: Duration.minutes(15),
      layers: [sharp],
    },
  ];
}

/** What is asked of AWS when a pool is picked or a job is planned (`functions/read-outlook.ts`). */
const readOutlook = () =>
  describe(
    'ec2:DescribeSpotPriceHistory',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeInstances',
    'pricing:GetProducts',
    'servicequotas:GetServiceQuota',
  );

/** What closing a job takes, in the workflow and after an end that it can't catch. */
export function closingStatements({ bucket, table, galleryUrl }: FunctionContext) {
  return [
    readObjects(bucket, 'jobs/*', 'images/*', 'thumbnails/*'),
    listObjects(bucket),
    writeObjects(bucket, 'jobs/*'),
    ...(galleryUrl ? [useLedger(table, 'PutItem')] : []),
  ];
}
