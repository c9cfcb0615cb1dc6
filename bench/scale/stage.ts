import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeS3Bucket } from '../../functions/adapters/s3-bucket.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { makeFront } from '../../local/address/front.ts';
import type { Local } from '../../local/start.ts';
import { startOwnStack } from '../own-stack.ts';
import { makeImageStore } from './image-store.ts';
import { type Meter, makeMeter } from './meter.ts';

/** The local stack with a store of images in memory before it, and a worker that only writes records. */
export interface Stage {
  readonly local: Local;
  readonly meter: Meter;
  readonly bucket: Bucket;
  readonly executions: SFNClient;
  readonly table: DynamoDBDocumentClient;
  close(): Promise<void>;
}

export interface StageOptions {
  /** How many stubs run at once. */
  readonly workers: number;
  /** That an attempt takes at least. */
  readonly attemptMs: number;
  /** Make thumbnails makes them, at some 10 ms each; else they come with the image, and it only looks. */
  readonly makesThumbnails: boolean;
  /** Images of other jobs in the bucket. */
  readonly others?: number;
}

export const storeInWords = 'images/* and thumbnails/* in memory, before the router; all else in moto and on disk';

/** As the stack gives the longest of the functions. */
const lambdaSeconds = 900;

export async function openStage({ workers, attemptMs, makesThumbnails, others = 0 }: StageOptions): Promise<Stage> {
  const meter = makeMeter();
  const store = makeImageStore(!makesThumbnails);
  store.fill(others);
  const front = makeFront({
    decide: (call) => {
      meter.decide(call);
      const reply = store.answer(call);
      return reply && { kind: 'refuse', reply };
    },
    observe: meter.observe,
  });
  const workerCommand = [process.execPath, join(import.meta.dirname, 'stub-worker.ts'), String(attemptMs)];
  const { local, close } = await startOwnStack(
    { workers, workerCommand, timeScale: 0.005 },
    { front: front.open, lambdaSeconds },
  );
  const credentials = { accessKeyId: 'scale', secretAccessKey: 'scale' };
  const client = { endpoint: local.endpoint, region: 'us-east-1', credentials };
  return {
    local,
    meter,
    bucket: makeS3Bucket(new S3Client({ ...client, forcePathStyle: true }), local.bucket),
    executions: new SFNClient(client),
    table: DynamoDBDocumentClient.from(new DynamoDBClient(client)),
    close,
  };
}
