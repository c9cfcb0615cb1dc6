import { describe, expect, it } from 'vitest';
import { makeCleanUpJob } from '../../functions/clean-up-job.ts';
import { makeCloseJob } from '../../functions/close-job.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { makeFakeQueue } from '../fakes/batch-queue.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aJob, aReceipt, aReservation, images } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeExecutions } from '../fakes/executions.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { makeFakeNotifier } from '../fakes/notifier.ts';
import { fakePictures } from '../fakes/pictures.ts';
import { makeFakeSlots } from '../fakes/slots.ts';

const part = 'job-1-p002';
const attempt = {
  ...{ shard: 0, attempt: 1, pool: 'use1-az1/g6.xlarge/spot', usdPerHour: 0.344, onDemandUsdPerHour: 0.8048 },
  ...{ bootSeconds: 100, idleSeconds: 200 },
};
const reservation = aReservation({ jobId: part, jobName: `${part}-s0-a1`, usd: 0.25, attempt });
const child = aJob({ jobId: part, partOf: 'job-1', notify: 'none', images: 2 });
const files = {
  'jobs/job-1/job.json': JSON.stringify(aJob({ images: 6, parts: 3 })),
  ...Object.fromEntries([1, 2, 3].map((number) => [`jobs/job-1/parts/00${number}.jsonl`, `"${number}"\n`.repeat(2)])),
  'jobs/job-1-p001/receipt.json': JSON.stringify(aReceipt({ images: 2, delivered: 2, usd: 0.1 })),
  [`jobs/${part}/job.json`]: JSON.stringify(child),
  [`jobs/${part}/recipes.jsonl`]: toJsonLines(images(2)),
};

async function setUp(there: Readonly<Record<string, string>> = files) {
  const bucket = makeFakeBucket(there);
  const clock = makeFakeClock();
  const ledger = makeFakeLedger();
  await ledger.reserve(reservation);
  const executions = makeFakeExecutions();
  const notifier = makeFakeNotifier();
  const queue = makeFakeQueue([reservation]);
  const closeJob = makeCloseJob({ bucket, pictures: fakePictures, clock });
  const slots = makeFakeSlots(clock.now);
  const deps = { bucket, ledger, slots, clock, queue, executions, notifier, closeJob, timeScale: 1 };
  const cleanUp = (detail: object = {}) =>
    makeCleanUpJob(deps)({
      detail: { name: 'job-1', status: 'ABORTED', startDate: clock.now(), cause: 'enough', ...detail },
    });
  const receipt = async (jobId: string) => JSON.parse((await bucket.read(`jobs/${jobId}/receipt.json`)) ?? 'null');
  return { bucket, ledger, executions, notifier, cleanUp, receipt };
}

describe('clean-up-job of a job in parts', () => {
  it('stops the part that runs, closes it with what it cost, then the job, and says so once', async () => {
    const { ledger, executions, notifier, cleanUp, receipt } = await setUp();
    expect(await cleanUp()).toMatchObject({ terminated: 1, closed: { closedNow: true } });
    const cause = 'Job job-1, whose part it is, ended: enough';
    expect(executions.stopped).toEqual([{ name: part, error: 'JobCanceled', cause }]);
    expect(await ledger.open(part)).toEqual([]);
    expect(await receipt(part)).toMatchObject({ partOf: 'job-1', failed: 2, failure: { error: 'JobCanceled', cause } });
    expect(await receipt('job-1')).toMatchObject({
      delivered: 2,
      failed: 4,
      failure: { error: 'JobCanceled', cause: 'enough' },
      parts: [{ status: 'delivered' }, { status: 'failed' }, { status: 'not closed' }],
    });
    expect(notifier.sent).toHaveLength(1);
    expect(await cleanUp({ name: part })).toMatchObject({ terminated: 0, closed: { closedNow: false } });
    expect(notifier.sent).toHaveLength(1);
  });

  it('stops a part that has written nothing yet: its own event closes it', async () => {
    const { [`jobs/${part}/job.json`]: _, ...early } = files;
    const { executions, cleanUp, receipt } = await setUp(early);
    expect(await cleanUp()).toMatchObject({ closed: { closedNow: true } });
    expect(executions.stopped).toHaveLength(1);
    expect(await receipt(part)).toBeNull();
  });

  it('stops nothing where every part is closed', async () => {
    const closed = [2, 3].map((number) => [
      `jobs/job-1-p00${number}/receipt.json`,
      JSON.stringify(aReceipt({ delivered: 2 })),
    ]);
    const { executions, cleanUp } = await setUp({ ...files, ...Object.fromEntries(closed) });
    await cleanUp();
    expect(executions.stopped).toEqual([]);
  });

  it('tells nobody of a part that ends on its own, and adds it to the sums of a parent that is closed already', async () => {
    const { bucket, notifier, cleanUp, receipt } = await setUp();
    const parent = aReceipt({ status: 'failed', images: 6, delivered: 2, failed: 4, usd: 0.1 });
    await bucket.write('jobs/job-1/receipt.json', JSON.stringify(parent));
    await cleanUp({ name: part, status: 'TIMED_OUT' });
    expect(notifier.sent).toEqual([]);
    const { usd } = await receipt(part);
    expect(usd).toBeGreaterThan(0);
    expect((await receipt('job-1')).usd).toBeCloseTo(0.1 + usd, 6);
  });

  it('tells nobody of a part that was ended before it wrote anything: its input says so', async () => {
    const { notifier, cleanUp, receipt } = await setUp({});
    await cleanUp({ name: part, input: '{"notify":"none","partOf":{"jobId":"job-1"}}' });
    expect(notifier.sent).toEqual([]);
    expect(await receipt(part)).toMatchObject({ partOf: 'job-1', status: 'failed' });
  });

  it('writes the schedule of its input into the receipt', async () => {
    const { cleanUp, receipt } = await setUp();
    await cleanUp({ input: '{"schedule":{"name":"nightly","time":"2026-11-23T22:00:00Z"}}' });
    expect((await receipt('job-1')).schedule.name).toBe('nightly');
  });
});
