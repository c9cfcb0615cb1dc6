import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateImageCommand, CreateTagsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import pMap from 'p-map';
import { makeS3 } from '../../../cli/target/objects.ts';
import { STATE_MACHINE_ARN } from '../../../local/names.ts';
import type { ServedStack } from '../a-stack.ts';

type Client = ServedStack['client'];

/** As CloudFormation names them; those of the outputs are beside them. */
export const bucket = 'spot-diffusion-storagebucket-1x';
export const table = 'spot-diffusion-StorageLedger-1X';
export const bystander = 'spot-diffusion-of-somebody-else';
/** With our tag, and nothing in it yet. */
export const ofAPerson = 'prompts-of-a-person';
export const logGroup = '/spot-diffusion/worker';
/** It costs nothing, and is there all the same. */
export const emptyLog = '/spot-diffusion/import-model';
export const orphanedLog = '/aws/lambda/spot-diffusion-of-a-library';
export const objects = 2100;

/** More than two batches, versions, a marker of a deletion, and an upload that was never finished. */
async function fillBucket(client: Client): Promise<void> {
  const s3 = makeS3(client);
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  for (const name of [bucket, bystander]) await s3.send(new CreateBucketCommand({ Bucket: name }));
  await s3.send(new PutObjectCommand({ Bucket: bystander, Key: 'theirs', Body: 'x' }));
  await s3.send(new CreateBucketCommand({ Bucket: ofAPerson }));
  const TagSet = [{ Key: 'project', Value: 'spot-diffusion' }];
  await s3.send(new PutBucketTaggingCommand({ Bucket: ofAPerson, Tagging: { TagSet } }));
  await pMap(
    Array.from({ length: objects }, (_, index) => `images/${index} &<ü>.png`),
    (key) => put(key, 'picture'),
    {
      concurrency: 16,
    },
  );
  const versioned = { Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' as const } };
  await s3.send(new PutBucketVersioningCommand(versioned));
  await put('models/a', 'one');
  await put('models/a', 'two');
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'models/a' }));
  await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'models/broken' }));
}

async function makeRest(client: Client): Promise<void> {
  const keys = {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    BillingMode: 'PAY_PER_REQUEST' as const,
  };
  const attributes = { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }] };
  await new DynamoDBClient(client).send(new CreateTableCommand({ TableName: table, ...keys, ...attributes }));
  const scheduler = new SchedulerClient(client);
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'spot-diffusion' }));
  const Target = { Arn: STATE_MACHINE_ARN, RoleArn: 'arn:aws:iam::123456789012:role/x', Input: '{}' };
  const when = { ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' as const } };
  await scheduler.send(new CreateScheduleCommand({ Name: 'nightly', GroupName: 'spot-diffusion', Target, ...when }));
  const logs = new CloudWatchLogsClient(client);
  for (const logGroupName of [orphanedLog, emptyLog]) await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const logEvents = [{ timestamp: Date.now(), message: 'a line of a worker' }];
  for (const logGroupName of [logGroup, orphanedLog]) {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
  }
}

/** A golden AMI, as Image Builder leaves it. */
async function makeGoldenImage(client: Client): Promise<void> {
  const ec2 = new EC2Client(client);
  const input = { ImageId: 'ami-12c6146b', InstanceType: 'm6i.large' as const, MinCount: 1, MaxCount: 1 };
  const { Instances = [] } = await ec2.send(new RunInstancesCommand(input));
  const image = new CreateImageCommand({ InstanceId: Instances[0]?.InstanceId, Name: 'golden' });
  const { ImageId = '' } = await ec2.send(image);
  const Tags = [{ Key: 'spot-diffusion', Value: 'golden-ami' }];
  await ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags }));
}

/** What a stack that was used for a while leaves, and things of other people beside it. */
export async function makeLeftovers(client: Client): Promise<void> {
  await fillBucket(client);
  await makeRest(client);
  await makeGoldenImage(client);
}
