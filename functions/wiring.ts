/** The only place that reads the environment. */
import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeBatchEnvironments } from './adapters/batch-environments.ts';
import { makeBatchQueue } from './adapters/batch-queue.ts';
import { makeDynamoDbClaims } from './adapters/dynamodb-claims.ts';
import { makeDynamoDbClosedPools } from './adapters/dynamodb-closed-pools.ts';
import { makeDynamoDbDoors } from './adapters/dynamodb-doors.ts';
import { makeDynamoDbLedger } from './adapters/dynamodb-ledger.ts';
import { makeDynamoDbWaits } from './adapters/dynamodb-waits.ts';
import { makeEc2Images } from './adapters/ec2-images.ts';
import { makeEc2Instances } from './adapters/ec2-instances.ts';
import { makeEc2SpotMarket } from './adapters/ec2-spot-market.ts';
import { makeEc2Use } from './adapters/ec2-use.ts';
import { makeEcsClusters } from './adapters/ecs-clusters.ts';
import { makeS3Bucket } from './adapters/s3-bucket.ts';
import { makeS3Downloads } from './adapters/s3-downloads.ts';
import { makeSchedulerTimers } from './adapters/scheduler-timers.ts';
import { makeServiceQuotas } from './adapters/service-quotas.ts';
import { makeSnsNotifier } from './adapters/sns-notifier.ts';
import { makeOpenDoor } from './core/open-door.ts';
import type { Clock } from './core/ports.ts';

function need(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Expected the environment to hold \`${name}\`, got nothing`);
  return value;
}

const list = (name: string) => need(name).split(',');
const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);

/** A loopback endpoint has no host name per bucket. */
const forcePathStyle = process.env.AWS_ENDPOINT_URL !== undefined;

export const clock: Clock = { now: () => Date.now() };
export const random = () => Math.random();
const makeToken = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');

// One export each, not one object: a bundle holds only the SDK clients that its function uses.
export const wireBucket = () => makeS3Bucket(new S3Client({ forcePathStyle }), need('BUCKET'));
export const wireDownloads = () => makeS3Downloads(new S3Client({ forcePathStyle }), need('BUCKET'));
const wireTable = () => DynamoDBDocumentClient.from(new DynamoDBClient());
export const wireLedger = () => makeDynamoDbLedger(wireTable(), need('TABLE'));
export const wireClaims = () => makeDynamoDbClaims(wireTable(), need('TABLE'), clock.now);
export const wireDoors = () => makeDynamoDbDoors(wireTable(), need('TABLE'));
/** Undefined: the gallery door is off. */
export const wireOpenDoor = () => {
  const galleryUrl = process.env.GALLERY_URL;
  return galleryUrl ? makeOpenDoor({ galleryUrl, doors: wireDoors(), clock, makeToken }) : undefined;
};
export const wireClosedPools = () => makeDynamoDbClosedPools(wireTable(), need('TABLE'), clock.now);
export const wireWaits = () => makeDynamoDbWaits(wireTable(), need('TABLE'));
export const wireMarket = () => makeEc2SpotMarket(new EC2Client(), clock.now);
export const wireQueue = () => makeBatchQueue(new BatchClient());
export const wireTimers = () =>
  makeSchedulerTimers(new SchedulerClient(), {
    group: need('TIMER_GROUP'),
    roleArn: need('TIMER_ROLE_ARN'),
    functionArn: need('SELF_ARN'),
  });
export const wireQuotas = () => makeServiceQuotas(new ServiceQuotasClient());
export const wireInstanceUse = () => makeEc2Use(new EC2Client());
export const wireEnvironments = () => makeBatchEnvironments(new BatchClient());
export const wireInstances = () => makeEc2Instances(new EC2Client());
export const wireClusters = () => makeEcsClusters(new ECSClient());
export const wireImages = () => makeEc2Images(new EC2Client());
export const wireNotifier = () => makeSnsNotifier(new SNSClient(), need('TOPIC_ARN'));

export const readZones = () => list('ZONES');
export const readInstanceTypes = () => list('INSTANCE_TYPES');
export const readDefaultModel = () => need('DEFAULT_MODEL');
/** Ten minutes of rendering a shard: AWS Batch's advice is 3-5 minutes at least, and half an hour is too much to lose. */
export const readShardSeconds = () => number('SHARD_SECONDS', 600);
export const readIsSimulated = () => process.env.SIMULATED === 'true';
export const readTimeScale = () => number('LOCAL_TIME_SCALE', 1);
