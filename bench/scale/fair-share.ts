import { setTimeout as sleep } from 'node:timers/promises';
import { GRANTED_VCPUS } from '../../local/market/quotas.ts';
import { holdQuota } from '../hold-quota.ts';
import { finish, readHistory, start } from './executions.ts';
import { type FairShareFigures, toFairShare } from './fair-figures.ts';
import { uploadPrompts } from './prompts.ts';
import { openStage, type Stage } from './stage.ts';

/** SDXL: some hundred images are an hour of rendering, hence a shard. The stub does not mind. */
const model = 'sdxl';
const smallImages = 10;
/** What two of the smallest instances take. */
const roomVcpus = 8;

/** Somebody else holds all but room for two instances, for as long as this takes. */
async function leaveRoomForTwo({ table }: Stage): Promise<void> {
  await holdQuota(table, { jobName: 'others-1', vcpus: GRANTED_VCPUS - roomVcpus, milliseconds: 3_600_000 });
}

/** The batch holds all that there is. */
async function waitUntilRunning(stage: Stage, executionArn: string, attempts: number): Promise<void> {
  for (let looks = 0; looks < 600; looks++, await sleep(100)) {
    const events = await readHistory(stage, executionArn);
    const running = events.filter((event) => event.stateEnteredEventDetails?.name === 'Run GPU job');
    if (running.length >= attempts) return;
  }
  throw new Error(`Expected ${attempts} attempts of the night batch to run within 60 s`);
}

export interface FairShareTerms {
  readonly batchImages: number;
  /** That an attempt takes at least: so long nobody else has its slot. */
  readonly attemptMs: number;
}

/** A night batch of several shards under a quota for two instances, and a job of 10 images that comes later. */
export async function measureFairShare({ batchImages, attemptMs }: FairShareTerms): Promise<FairShareFigures> {
  const stage = await openStage({ workers: 4, attemptMs, makesThumbnails: false });
  try {
    await leaveRoomForTwo(stage);
    const run = async (name: string, images: number) =>
      start(stage, name, { promptsFile: await uploadPrompts(stage.bucket, name, images), model });
    const batch = await run('night', batchImages);
    await waitUntilRunning(stage, batch, 2);
    const small = await run('small', smallImages);
    const [batchEnd, smallEnd] = await Promise.all([finish(stage, 'night', batch), finish(stage, 'small', small)]);
    return toFairShare(batchEnd.histories.flat(), smallEnd.histories.flat(), smallImages);
  } finally {
    await stage.close();
  }
}
