import { expect, it } from 'vitest';
import type { StatusPorts } from '../../../cli/status/ports.ts';
import { readRunningJob } from '../../../cli/status/running-job.ts';
import { makeFakeQueue } from '../../fakes/batch-queue.ts';
import { makeFakeBucket } from '../../fakes/bucket.ts';
import { aJob, aPick, aReceipt, aRecordOf, aReservation, aSettlement, images } from '../../fakes/builders.ts';
import { makeFakeLedger } from '../../fakes/ledger.ts';
import { makeFakeWaits } from '../../fakes/waits.ts';

const notAsked = async () => {
  throw new Error('Expected no question about quotas: nothing waits');
};

async function aJobInParts(): Promise<StatusPorts> {
  const progress = { version: 1, shard: 1, attempt: 1, done: 3, total: 8, imagesPerSecond: 0.5, at: '2026-11-23' };
  const bucket = makeFakeBucket({
    'jobs/night/job.json': JSON.stringify(aJob({ jobId: 'night', images: 30, parts: 3, maxUsd: 5 })),
    'jobs/night-p001/receipt.json': JSON.stringify(aReceipt({ delivered: 10, usd: 1 })),
    'jobs/night-p001/attempts/00000-1.settled.json': JSON.stringify(aSettlement({ usd: 1 })),
    'jobs/night-p002/attempts/00000-1.json': JSON.stringify(aRecordOf(images(2))),
    'jobs/night-p002/attempts/00000-1.settled.json': JSON.stringify(aSettlement({ usd: 0.5 })),
    'jobs/night-p002/attempts/00001-1.progress.json': JSON.stringify(progress),
  });
  const ledger = makeFakeLedger();
  const reservation = aReservation({ jobId: 'night-p002', jobName: 'night-p002-s1-a1', usd: 0.25 });
  await ledger.reserve({ ...reservation, attempt: { ...aPick(), shard: 1, attempt: 1 } });
  const queue = makeFakeQueue([{ queue: reservation.queue, jobName: reservation.jobName }]);
  return {
    ...{ bucket, ledger, queue, waits: makeFakeWaits() },
    quotas: { vcpus: notAsked },
    instanceUse: { vcpus: notAsked },
  };
}

it('a job in parts is as far, and has spent as much, as its parts: the closed, and the one that runs', async () => {
  const job = await readRunningJob(await aJobInParts(), 'night', Date.parse('2026-11-23T22:05:00Z'));
  expect(job).toMatchObject({
    ...{ images: 30, done: 10 + 2 + 3, atLeast: true, spentUsd: 1.5, reservedUsd: 0.25, maxUsd: 5 },
    ...{ rendering: 1, secondsLeft: 30, attempts: [{ stage: 'rendering' }] },
  });
});
