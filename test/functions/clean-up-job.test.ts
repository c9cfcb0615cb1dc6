import { describe, expect, it } from 'vitest';
import { usdForSeconds } from '../../functions/core/pick/cost-model.ts';
import type { Settlement } from '../../functions/core/settle/settlement.ts';
import type { NamedJob } from '../fakes/batch-queue.ts';
import { aReservation } from '../fakes/builders.ts';
import { attempt, now, open, runningJobs, runUsd, setUp } from './cleaning.ts';

describe('clean-up-job', () => {
  it('terminates what is open, frees its reservations, closes the job and says so once', async () => {
    const { ledger, queue, notifier, cleanUp, receipt } = await setUp();
    expect(await cleanUp()).toMatchObject({ terminated: 2, closed: { closedNow: true } });
    const reason = 'JobCanceled: The execution was stopped.';
    expect(queue.asked).toEqual(open.map(({ queue: name, jobName }) => ({ queue: name, jobName, reason })));
    expect(ledger.settled).toEqual(open.map(({ jobName }) => ({ jobName, usd: expect.closeTo(runUsd, 9) })));
    expect(await ledger.open('job-1')).toEqual([]);
    expect(await ledger.open('job-2')).toHaveLength(1);
    expect(notifier.sent).toEqual([
      {
        subject: expect.stringContaining('[spot-diffusion] Failed: JobCanceled, 0 of 2 images'),
        message: expect.stringContaining('requeue.jsonl'),
        chat: expect.stringContaining('"source":"custom"'),
        attributes: { status: 'failed', notify: 'all', error: 'JobCanceled' },
      },
    ]);
    expect(await receipt()).toMatchObject({
      startedAt: '2026-11-23T21:00:00.000Z',
      failure: { error: 'JobCanceled', cause: 'The execution was stopped.' },
    });
  });

  it('counts what was running alone, and frees the rest as well', async () => {
    const { ledger, cleanUp } = await setUp({ jobs: runningJobs.slice(0, 1) });
    expect((await cleanUp()).terminated).toBe(1);
    expect(await ledger.open('job-1')).toEqual([]);
  });

  it('gives an attempt that the workflow left open its line in the receipt, and says nothing a second time', async () => {
    const { notifier, cleanUp, closeJob, receipt } = await setUp();
    const failures = [{ error: 'Lambda.Unknown', cause: 'Settle attempt failed' }];
    await closeJob({ jobId: 'job-1', startedAt: '2026-11-23T21:00:00Z', failures });
    expect((await receipt()).attempts).toEqual([]);
    expect(await cleanUp({ status: 'FAILED', ...failures[0] })).toMatchObject({
      terminated: 2,
      closed: { closedNow: false },
    });
    const { attempts, usd, failure } = await receipt();
    expect(attempts.map(({ shard, outcome }: Settlement) => [shard, outcome])).toEqual([
      [0, 'JobCanceled'],
      [1, 'JobCanceled'],
    ]);
    expect(usd).toBeCloseTo(2 * runUsd, 6);
    expect(failure).toEqual(failures[0]);
    expect(notifier.sent).toEqual([]);
  });

  it('closes a job anew that was redriven and stopped again, and says so', async () => {
    const { ledger, notifier, cleanUp, receipt } = await setUp();
    await cleanUp();
    await ledger.reserve(aReservation({ jobName: 'job-1-s0-a2', attempt: { ...attempt, attempt: 2 } }));
    expect(await cleanUp({ redriveCount: 1 })).toMatchObject({ closed: { closedNow: true } });
    expect(await cleanUp({ redriveCount: 1 })).toMatchObject({ closed: { closedNow: false } });
    expect((await receipt()).attempts).toHaveLength(3);
    expect(notifier.sent).toHaveLength(2);
  });

  it.each([
    [{ status: 'ABORTED', error: 'Mine', cause: 'I stopped it' }, 'JobCanceled', 'I stopped it'],
    [
      { status: 'FAILED', error: 'States.DataLimitExceeded', cause: 'too large' },
      'States.DataLimitExceeded',
      'too large',
    ],
    [{ status: 'FAILED' }, 'States.Runtime', 'The execution ended FAILED.'],
    [{ status: 'TIMED_OUT' }, 'States.Timeout', 'The execution ended TIMED_OUT.'],
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

describe('an attempt that clean-up-job ends', () => {
  const one = open.slice(0, 1);
  const endOf = async (job?: Partial<NamedJob>) => {
    const jobs = runningJobs.slice(0, 1).map((running) => ({ ...running, ...job }));
    const { ledger, cleanUp } = await setUp({ jobs: job ? jobs : [], reserved: one });
    const { terminated } = await cleanUp();
    return { terminated, usd: ledger.settled[0]?.usd };
  };

  it('stands in the receipt with what it used and cost, as in the ledger', async () => {
    const { cleanUp, receipt } = await setUp({ reserved: one });
    await cleanUp();
    const { usd, attempts } = await receipt();
    expect(attempts).toEqual([
      {
        version: 1,
        jobId: 'job-1',
        shard: 0,
        attempt: 1,
        pool: 'use1-az1/g6.xlarge/spot',
        outcome: 'JobCanceled',
        reason: 'JobCanceled: The execution was stopped.',
        seconds: 60 + 30,
        startSeconds: 100,
        idleSeconds: 200,
        billed: true,
        usdPerHour: 0.344,
        usd: expect.closeTo(runUsd, 6),
        cents: expect.closeTo(runUsd * 100, 4),
        instanceType: 'g6.xlarge',
        azId: 'use1-az1',
        wasteUsd: expect.closeTo(runUsd, 6),
        startedAt: expect.any(String),
        endedAt: new Date(now).toISOString(),
        onDemandUsd: expect.closeTo(usdForSeconds(0.8048, 60 + 30 + 100 + 200), 9),
      },
    ]);
    expect(usd).toBeCloseTo(runUsd, 6);
  });

  it('costs nothing where it waited, its times where it was over, its reservation where Batch does not know it', async () => {
    expect(await endOf({ startedAt: undefined, status: 'RUNNABLE' })).toEqual({ terminated: 1, usd: 0 });
    const over = { status: 'SUCCEEDED', startedAt: now - 500_000, stoppedAt: now - 100_000 };
    expect(await endOf(over)).toEqual({ terminated: 0, usd: expect.closeTo(usdForSeconds(0.344, 400 + 300), 9) });
    expect(await endOf()).toEqual({ terminated: 0, usd: 0.25 });
  });

  it('never costs more than was set aside for it', async () => {
    expect((await endOf({ startedAt: now - 86_400_000 })).usd).toBe(0.25);
  });

  it('gives its slot back when the instance is gone', async () => {
    const { clock, slots, cleanUp } = await setUp();
    await cleanUp();
    expect(slots.freed).toEqual(open.map(({ jobName }) => ({ jobName, goneAt: clock.now() + 300_000 })));
    const local = await setUp({ timeScale: 0.1 });
    await local.cleanUp();
    expect(local.slots.freed[0]?.goneAt).toBe(now + 30_000);
    const waiting = runningJobs.map((job) => ({ ...job, startedAt: undefined, status: 'RUNNABLE' }));
    const without = await setUp({ jobs: waiting });
    await without.cleanUp();
    // An instance of theirs may boot.
    expect(without.slots.freed.map(({ goneAt }) => goneAt)).toEqual(open.map(() => now + 300_000));
  });

  it('is settled last, so that a repeated call still finds what was left undone', async () => {
    const { slots, ledger, cleanUp } = await setUp({ reserved: one });
    const { free } = slots;
    Object.assign(slots, { free: () => Promise.reject(new Error('DynamoDB is gone')) });
    await expect(cleanUp()).rejects.toThrow('DynamoDB is gone');
    expect(await ledger.open('job-1')).toHaveLength(1);
    Object.assign(slots, { free });
    await cleanUp();
    expect(slots.freed).toHaveLength(1);
    expect(await ledger.open('job-1')).toEqual([]);
  });

  it('costs the same in the receipt and the ledger when a call is repeated later', async () => {
    const { clock, slots, ledger, cleanUp, receipt } = await setUp({ reserved: one });
    const { free } = slots;
    Object.assign(slots, { free: () => Promise.reject(new Error('no')) });
    await expect(cleanUp()).rejects.toThrow();
    Object.assign(slots, { free });
    clock.advance(100);
    await cleanUp();
    expect(ledger.settled[0]?.usd).toBeCloseTo(runUsd, 9);
    expect((await receipt()).attempts).toMatchObject([{ usd: ledger.settled[0]?.usd }]);
  });

  it('of an older version costs its whole reservation, unless it never left the queue, and stands in no receipt', async () => {
    const old = [aReservation(), aReservation({ jobName: 'job-1-s1-a2', queue: 'other-queue' })];
    const [ran, waited] = runningJobs;
    if (!ran || !waited) throw new Error('Expected two jobs');
    const jobs = [ran, { ...waited, startedAt: undefined, status: 'RUNNABLE' }];
    const { slots, ledger, cleanUp, receipt } = await setUp({ jobs, reserved: old });
    expect(await cleanUp()).toMatchObject({ terminated: 2, closed: { closedNow: true } });
    expect(ledger.settled).toEqual([
      { jobName: 'job-1-s0-a1', usd: 0.25 },
      { jobName: 'job-1-s1-a2', usd: 0 },
    ]);
    expect(slots.freed).toHaveLength(2);
    expect((await receipt()).attempts).toEqual([]);
  });
});
