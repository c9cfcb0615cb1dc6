/** The only place that reads the environment. */
import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { PricingClient } from '@aws-sdk/client-pricing';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeBatchEnvironments } from './adapters/batch-environments.ts';
import { makeBatchQueue } from './adapters/batch-queue.ts';
import { makeDynamoDbClaims } from './adapters/dynamodb-claims.ts';
import { makeDynamoDbClosedPools } from './adapters/dynamodb-closed-pools.ts';
import { makeDynamoDbDoors } from './adapters/dynamodb-doors.ts';
import { makeDynamoDbLearned } from './adapters/dynamodb-learned.ts';
import { makeDynamoDbLedger } from './adapters/dynamodb-ledger.ts';
import { makeDynamoDbScoreMemory } from './adapters/dynamodb-score-memory.ts';
import { makeDynamoDbSlots } from './adapters/dynamodb-slots.ts';
import { makeDynamoDbWaits } from './adapters/dynamodb-waits.ts';
import { makeEc2Images } from './adapters/ec2-images.ts';
import { makeEc2InstanceFacts } from './adapters/ec2-instance-facts.ts';
import { makeEc2Instances } from './adapters/ec2-instances.ts';
import { makeEc2PlacementScores } from './adapters/ec2-placement-scores.ts';
import { makeEc2PriceHistory, makeEc2SpotMarket } from './adapters/ec2-spot-market.ts';
import { makeEc2Use } from './adapters/ec2-use.ts';
import { makeEcsClusters } from './adapters/ecs-clusters.ts';
import { makePricingOnDemand } from './adapters/pricing-on-demand.ts';
import { makeS3Bucket } from './adapters/s3-bucket.ts';
import { makeS3Downloads } from './adapters/s3-downloads.ts';
import { makeSchedulerTimers } from './adapters/scheduler-timers.ts';
import { makeServiceQuotas } from './adapters/service-quotas.ts';
import { makeSfnExecutions } from './adapters/sfn-executions.ts';
import { makeSnsNotifier } from './adapters/sns-notifier.ts';
import type { Clock } from './core/clock.ts';
import { toLimits } from './core/input/parts.ts';
import { makeKeptScores } from './core/market/kept-scores.ts';
import { makeOpenDoor } from './core/tell/open-door.ts';
import { makeReadOutlook } from './read-outlook.ts';

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
let table: DynamoDBDocumentClient | undefined;
/** One for all ports of a function: its connections are kept, and a client costs milliseconds to make. */
const wireTable = () => (table ??= DynamoDBDocumentClient.from(new DynamoDBClient()));
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
export const wireLearned = () => makeDynamoDbLearned(wireTable(), need('TABLE'), clock.now);
export const wireSlots = () => makeDynamoDbSlots(wireTable(), need('TABLE'), clock.now);
/** Asks that an account shares: a throttled one is tried again by the SDK, after waits with full jitter. */
const patient = { retryMode: 'standard', maxAttempts: 5 };
/** Set by Lambda itself. */
export const readRegion = () => need('AWS_REGION');
/** Plan job asks AWS for placement scores, an attempt reads what Plan job kept. */
const wireScores = (ec2: EC2Client, use: 'ask' | 'read') => {
  if (process.env.PLACEMENT_SCORES !== 'true') return undefined;
  const scores = use === 'ask' ? makeEc2PlacementScores(ec2, readRegion()) : undefined;
  return makeKeptScores({ scores, memory: makeDynamoDbScoreMemory(wireTable(), need('TABLE')), clock });
};
export const wireReadOutlook = (placementScores: 'ask' | 'read') => {
  const ec2 = new EC2Client(patient);
  return makeReadOutlook({
    region: readRegion(),
    spot: makeEc2SpotMarket(ec2, clock.now),
    // It has an endpoint in three regions alone, and tells the prices of all.
    onDemand: makePricingOnDemand(new PricingClient({ ...patient, region: 'us-east-1' }), readRegion()),
    facts: makeEc2InstanceFacts(ec2),
    quotas: makeServiceQuotas(new ServiceQuotasClient(patient)),
    instanceUse: makeEc2Use(ec2),
    closedPools: wireClosedPools(),
    learned: wireLearned(),
    slots: wireSlots(),
    scores: wireScores(ec2, placementScores),
    clock,
  });
};
export const wirePriceHistory = () => makeEc2PriceHistory(new EC2Client(patient));
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
export const wireExecutions = () => makeSfnExecutions(new SFNClient(), need('STATE_MACHINE_ARN'));
export const wireNotifier = () => makeSnsNotifier(new SNSClient(), need('TOPIC_ARN'));

export const readZones = () => list('ZONES');
export const readInstanceTypes = () => list('INSTANCE_TYPES');
export const readDefaultModel = () => need('DEFAULT_MODEL');
export const readIsSimulated = () => process.env.SIMULATED === 'true';
/** Set in tests alone: jobs in parts of a few images. */
export const readLimits = () => {
  const images = number('LOCAL_IMAGES_PER_EXECUTION', 0);
  return toLimits(images || undefined);
};
export const readTimeScale = () => number('LOCAL_TIME_SCALE', 1);
