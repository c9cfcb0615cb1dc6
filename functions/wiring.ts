/** The only place that reads the environment. */
import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeBatchQueue } from './adapters/batch-queue.ts';
import { makeDynamoDbLedger } from './adapters/dynamodb-ledger.ts';
import { makeEc2SpotMarket } from './adapters/ec2-spot-market.ts';
import { makeS3Bucket } from './adapters/s3-bucket.ts';
import { makeSnsNotifier } from './adapters/sns-notifier.ts';
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

// One export each, not one object: a bundle holds only the SDK clients that its function uses.
export const wireBucket = () => makeS3Bucket(new S3Client({ forcePathStyle }), need('BUCKET'));
export const wireLedger = () => makeDynamoDbLedger(DynamoDBDocumentClient.from(new DynamoDBClient()), need('TABLE'));
export const wireMarket = () => makeEc2SpotMarket(new EC2Client(), clock.now);
export const wireQueue = () => makeBatchQueue(new BatchClient());
export const wireNotifier = () => makeSnsNotifier(new SNSClient(), need('TOPIC_ARN'));

export const readZones = () => list('ZONES');
export const readInstanceTypes = () => list('INSTANCE_TYPES');
export const readDefaultModel = () => need('DEFAULT_MODEL');
/** Ten minutes of rendering a shard: AWS Batch's advice is 3-5 minutes at least, and half an hour is too much to lose. */
export const readShardSeconds = () => number('SHARD_SECONDS', 600);
export const readIsSimulated = () => process.env.SIMULATED === 'true';
export const readTimeScale = () => number('LOCAL_TIME_SCALE', 1);
