import { makeCleanUpJob } from '../../functions/clean-up-job.ts';
import { makeCloseJob } from '../../functions/close-job.ts';
import { usdForSeconds } from '../../functions/core/pick/cost-model.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { makeFakeQueue, type NamedJob } from '../fakes/batch-queue.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aReservation, images } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeExecutions } from '../fakes/executions.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { makeFakeNotifier } from '../fakes/notifier.ts';
import { fakePictures } from '../fakes/pictures.ts';
import { aSlotRequest } from '../fakes/slot-request.ts';
import { makeFakeSlots } from '../fakes/slots.ts';

export const attempt = {
  shard: 0,
  attempt: 1,
  pool: 'use1-az1/g6.xlarge/spot',
  usdPerHour: 0.344,
  onDemandUsdPerHour: 0.8048,
  bootSeconds: 100,
  idleSeconds: 200,
};
export const open = [
  aReservation({ attempt }),
  aReservation({ jobName: 'job-1-s1-a2', queue: 'other-queue', attempt: { ...attempt, shard: 1, attempt: 2 } }),
];
export const now = makeFakeClock().now();
export const runningJobs: readonly NamedJob[] = open.map(({ jobName, queue }) => ({
  jobName,
  queue,
  startedAt: now - 60_000,
}));
// 60 s until now, 30 s until the container is killed, the boot before and the idle tail after
export const runUsd = usdForSeconds(0.344, 60 + 30 + 100 + 200);

export async function setUp({ jobs = runningJobs, reserved = open, timeScale = 1 } = {}) {
  const bucket = makeFakeBucket({ 'jobs/job-1/recipes.jsonl': toJsonLines(images(2)) });
  const clock = makeFakeClock();
  const ledger = makeFakeLedger();
  const slots = makeFakeSlots(clock.now);
  for (const reservation of reserved) {
    await ledger.reserve(reservation);
    await slots.take(aSlotRequest({ jobName: reservation.jobName, now: clock.now() }));
  }
  await ledger.reserve(aReservation({ jobId: 'job-2' }));
  const queue = makeFakeQueue(jobs);
  const executions = makeFakeExecutions();
  const notifier = makeFakeNotifier();
  const closeJob = makeCloseJob({ bucket, pictures: fakePictures, clock });
  const state = makeCleanUpJob({ bucket, ledger, slots, clock, queue, executions, notifier, closeJob, timeScale });
  const cleanUp = (detail: object = {}) =>
    state({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        name: 'job-1',
        status: 'ABORTED',
        startDate: Date.parse('2026-11-23T21:00:00Z'),
        error: null,
        cause: null,
        ...detail,
      },
    });
  const receipt = async () => JSON.parse((await bucket.read('jobs/job-1/receipt.json')) ?? '');
  return { bucket, clock, ledger, slots, queue, notifier, cleanUp, closeJob, receipt };
}
