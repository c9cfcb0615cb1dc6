import { describe, expect, it } from 'vitest';
import { makeCleanUpJob } from '../../functions/clean-up-job.ts';
import { makeCloseJob } from '../../functions/close-job.ts';
import { toJsonLines } from '../../functions/core/manifest.ts';
import { makeFakeQueue } from '../fakes/batch-queue.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aReservation, images } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { makeFakeNotifier } from '../fakes/notifier.ts';
import { fakePictures } from '../fakes/pictures.ts';

const open = [aReservation(), aReservation({ jobName: 'job-1-s1-a2', queue: 'other-queue' })];

async function setUp(running = open) {
  const bucket = makeFakeBucket({ 'jobs/job-1/recipes.jsonl': toJsonLines(images(2)) });
  const ledger = makeFakeLedger();
  for (const reservation of open) await ledger.reserve(reservation);
  await ledger.reserve(aReservation({ jobId: 'job-2' }));
  const queue = makeFakeQueue(running);
  const notifier = makeFakeNotifier();
  const closeJob = makeCloseJob({ bucket, pictures: fakePictures, clock: makeFakeClock() });
  const state = makeCleanUpJob({ ledger, queue, notifier, closeJob });
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
  return { bucket, ledger, queue, notifier, cleanUp, closeJob, receipt };
}

describe('clean-up-job', () => {
  it('terminates what is open, frees its reservations, closes the job and says so once', async () => {
    const { ledger, queue, notifier, cleanUp, receipt } = await setUp();
    expect(await cleanUp()).toEqual({ terminated: 2, closedNow: true });
    const reason = 'JobCanceled: The execution was stopped.';
    expect(queue.asked).toEqual(open.map(({ queue: name, jobName }) => ({ queue: name, jobName, reason })));
    expect(ledger.settled).toEqual(open.map(({ jobName }) => ({ jobName, usd: 0 })));
    expect(await ledger.open('job-1')).toEqual([]);
    expect(await ledger.open('job-2')).toHaveLength(1);
    expect(notifier.sent).toEqual([
      {
        subject: '[spot-diffusion] job-1 failed: JobCanceled, 0 of 2 images',
        message: expect.stringContaining('requeue.jsonl'),
        attributes: { status: 'failed', notify: 'all' },
      },
    ]);
    expect(await receipt()).toMatchObject({
      startedAt: '2026-11-23T21:00:00.000Z',
      failure: { error: 'JobCanceled', cause: 'The execution was stopped.' },
    });
  });

  it('counts what was running alone, and frees the rest as well', async () => {
    const { ledger, cleanUp } = await setUp(open.slice(0, 1));
    expect((await cleanUp()).terminated).toBe(1);
    expect(await ledger.open('job-1')).toEqual([]);
  });

  it('says nothing a second time', async () => {
    const { notifier, queue, cleanUp } = await setUp();
    await cleanUp();
    expect(await cleanUp()).toEqual({ terminated: 0, closedNow: false });
    expect(notifier.sent).toHaveLength(1);
    expect(queue.asked).toHaveLength(2);
  });

  it('says nothing after a job that closed itself', async () => {
    const { notifier, cleanUp, closeJob } = await setUp([]);
    await closeJob({ jobId: 'job-1', startedAt: '2026-11-23T21:00:00Z', failures: [] });
    expect(await cleanUp({ status: 'FAILED', error: 'GenerationFailed', cause: 'x' })).toMatchObject({
      closedNow: false,
    });
    expect(notifier.sent).toEqual([]);
  });

  it.each([
    [{ status: 'ABORTED', error: 'Mine', cause: 'I stopped it' }, 'JobCanceled', 'I stopped it'],
    [
      { status: 'FAILED', error: 'States.DataLimitExceeded', cause: 'too large' },
      'States.DataLimitExceeded',
      'too large',
    ],
    [{ status: 'FAILED' }, 'States.Runtime', 'The execution ended FAILED.'],
    [{ status: 'TIMED_OUT' }, 'States.Runtime', 'The execution ended TIMED_OUT.'],
    [
      { status: 'TIMED_OUT', error: 'States.Timeout', cause: undefined },
      'States.Timeout',
      'The execution ended TIMED_OUT.',
    ],
  ])('reads %j as %s: %s', async (detail, error, cause) => {
    const { cleanUp, receipt } = await setUp();
    await cleanUp(detail);
    expect((await receipt()).failure).toEqual({ error, cause });
  });

  it('gives Batch a reason that it takes: 256 characters at most', async () => {
    const { queue, cleanUp } = await setUp();
    await cleanUp({ status: 'FAILED', error: 'X', cause: 'y'.repeat(500) });
    expect(queue.asked[0]?.reason).toHaveLength(256);
    expect(queue.asked[0]?.reason).toMatch(/^X: y+$/);
  });

  it.each([{ status: 'SUCCEEDED' }, { status: 'RUNNING' }, { name: '' }, { startDate: 'x' }])(
    'refuses %j',
    async (detail) => {
      const { queue, cleanUp } = await setUp();
      await expect(cleanUp(detail)).rejects.toThrow();
      expect(queue.asked).toEqual([]);
    },
  );
});
