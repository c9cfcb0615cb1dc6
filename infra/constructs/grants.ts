import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export const stateMachineName = 'spot-diffusion';

/** A statement of one kind of access; `*` stands where AWS knows no resource for the action. */
export const allow = (actions: readonly string[], resources: readonly string[] = ['*']) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

const objects = (bucket: Bucket, keys: readonly string[]) => keys.map((key) => bucket.arnForObjects(key));

export const readObjects = (bucket: Bucket, ...keys: readonly string[]) =>
  allow(['s3:GetObject'], objects(bucket, keys));
export const writeObjects = (bucket: Bucket, ...keys: readonly string[]) =>
  allow(['s3:PutObject'], objects(bucket, keys));
export const tagObjects = (bucket: Bucket, ...keys: readonly string[]) =>
  allow(['s3:PutObjectTagging'], objects(bucket, keys));
/** Without it S3 answers 403 instead of 404 for an object that is not there. */
export const listObjects = (bucket: Bucket) => allow(['s3:ListBucket'], [bucket.bucketArn]);

type LedgerAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'Query';
export const useLedger = (table: Table, ...actions: readonly LedgerAction[]) =>
  allow(
    actions.map((action) => `dynamodb:${action}`),
    [table.tableArn],
  );

/** Describing calls: EC2, Batch, Pricing and Service Quotas have no resource for them. */
export const describe = (...actions: readonly string[]) => allow(actions);

/** Known before the machine exists: its role and its functions name it. */
export const machineArn = (scope: Construct) =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: stateMachineName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const executionArns = (scope: Construct) =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** A job in parts runs each as an execution of the same machine. */
export const startExecutions = (scope: Construct) => allow(['states:StartExecution'], [machineArn(scope)]);
export const followExecutions = (scope: Construct) =>
  allow(['states:DescribeExecution', 'states:StopExecution'], [executionArns(scope)]);
export const stopExecutions = (scope: Construct) => allow(['states:StopExecution'], [executionArns(scope)]);

const endJobs = (action: string) => (scope: Construct) =>
  allow([`batch:${action}`], [Stack.of(scope).formatArn({ service: 'batch', resource: 'job', resourceName: '*' })]);
export const terminateJobs = endJobs('TerminateJob');
/** Ends a job that waits; one that has started in the meantime goes on. */
export const cancelJobs = endJobs('CancelJob');

/** EventBridge Scheduler, for schedules of this account. */
export const schedulerOf = (scope: Construct) =>
  new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
