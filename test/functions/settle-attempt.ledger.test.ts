import { describe, expect, it } from 'vitest';
import { usdForSeconds } from '../../functions/core/pick/cost-model.ts';
import { makeFakeQueue, type NamedJob } from '../fakes/batch-queue.ts';
import { aPick, aRecord, aRecordOf, images } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { causeOf, interrupted, settlementKey, setUp, succeeded } from './settling.ts';

describe('a repeated call of settle-attempt', () => {
  it('gives the same answer and changes nothing: Lambda may repeat it', async () => {
    const { bucket, clock, ledger, slots, learned, settle, settlement } = await setUp();
    const once = await settle(interrupted);
    const written = await settlement();
    const books = [...slots.books];
    clock.advance(100);
    expect(await settle(interrupted)).toEqual(once);
    expect(await settlement()).toEqual(written);
    expect(bucket.written).toEqual([settlementKey]);
    expect(ledger.settled).toHaveLength(1);
    expect([...slots.books]).toEqual(books);
    expect(learned.lessons).toHaveLength(1);
  });

  it('keeps the cost of a job that was ended the first time, though it comes later', async () => {
    const { jobName, queue } = aPick();
    const startedAt = makeFakeClock().now() - 60_000;
    const batch = makeFakeQueue([{ jobName, queue, startedAt }]);
    const { clock, ledger, settle } = await setUp({ queue: batch });
    const once = await settle({ stage: 'run', error: 'States.Timeout' });
    clock.advance(100);
    expect(await settle({ stage: 'run', error: 'States.Timeout' })).toEqual(once);
    expect(ledger.settled).toEqual([{ jobName, usd: once.step.usd }]);
  });
});

describe('a pick that failed after it took its slot and its reservation', () => {
  const pickFailed = (error: string) => ({ stage: 'pick', error, cause: 'x' });

  it('leaves neither behind where the shard stops', async () => {
    const { ledger, slots, settle } = await setUp();
    expect((await settle(pickFailed('TypeError'), { pick: null })).step.action).toBe('stop');
    expect(await ledger.open('job-1')).toEqual([]);
    expect(ledger.settled).toEqual([{ jobName: 'job-1-s0-a1', usd: 0 }]);
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 0 });
  });

  it('keeps both for the next try of the same attempt while AWS has trouble', async () => {
    const { ledger, settle } = await setUp();
    const { attempt, step } = await settle(pickFailed('ServiceUnavailable'), { pick: null });
    expect([attempt, step.action]).toEqual([1, 'wait']);
    expect(await ledger.open('job-1')).toHaveLength(1);
  });
});

describe('a submit whose answer was lost', () => {
  const lost = { stage: 'run', error: 'Batch.ServerException', cause: 'no answer' };

  it('has its job ended and billed: no second one is submitted beside it', async () => {
    const { jobName, queue } = aPick();
    const batch = makeFakeQueue([{ jobName, queue, startedAt: makeFakeClock().now() - 60_000 }]);
    const { settle } = await setUp({ queue: batch });
    const { attempt, step } = await settle(lost);
    expect(batch.asked).toEqual([{ queue, jobName, reason: 'ServiceUnavailable' }]);
    expect([attempt, step.action]).toEqual([2, 'wait']);
    expect(step.usd).toBeGreaterThan(0);
  });

  it('costs nothing where nothing was submitted', async () => {
    const { settle } = await setUp();
    expect((await settle(lost)).step).toMatchObject({ action: 'wait', outcome: 'ServiceUnavailable', usd: 0 });
  });
});

describe('the slot of a settled attempt', () => {
  const freedAt = async (end: object, timeScale = 1) => {
    const { clock, slots, settle } = await setUp({ timeScale });
    await settle(end);
    return slots.freed.map(({ jobName, goneAt }) => [jobName, (goneAt - clock.now()) / 1000]);
  };

  it('is held until Batch ends the instance that idles', async () => {
    expect(await freedAt(succeeded())).toEqual([['job-1-s0-a1', 300]]);
    expect(await freedAt(succeeded(), 0.1)).toEqual([['job-1-s0-a1', 30]]);
  });

  it('is free at once where EC2 took the instance, or gave none', async () => {
    expect(await freedAt(interrupted)).toEqual([['job-1-s0-a1', 0]]);
    const cause = causeOf({ StartedAt: null, StatusReason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY' });
    expect(await freedAt({ stage: 'run', error: 'States.TaskFailed', cause })).toEqual([['job-1-s0-a1', 0]]);
  });

  it('is free at once where no instance came: the submit was refused, or it waited in vain', async () => {
    const refused = { stage: 'run', error: 'Batch.ClientException', cause: 'no such queue' };
    expect(await freedAt(refused)).toEqual([['job-1-s0-a1', 0]]);
    const { jobName, queue } = aPick();
    const waiting = makeFakeQueue([{ queue, jobName, startedAt: undefined, status: 'RUNNABLE' }]);
    const { clock, slots, settle } = await setUp({ queue: waiting });
    await settle({ stage: 'run', error: 'States.Timeout' });
    expect(slots.freed).toEqual([{ jobName, goneAt: clock.now() }]);
  });

  it('counts against the quota until then, and not after', async () => {
    const { clock, slots, settle } = await setUp();
    await settle(succeeded());
    clock.advance(299);
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 4 });
    clock.advance(1);
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 0 });
  });
});

describe('the lesson of a settled attempt', () => {
  const made = images(3);
  const record = JSON.stringify(
    aRecordOf(made, { device: 'NVIDIA L4', computeBatch: 1, phases: { ...aRecord().phases, importSeconds: 10 } }),
  );
  const ended = succeeded({ CreatedAt: 1e12 - 150_000 });

  it('holds the pool, the boot, and the speed of the images', async () => {
    const { learned, settle } = await setUp({ record });
    await settle(ended);
    expect(learned.lessons).toEqual([
      {
        jobId: 'job-1',
        jobName: 'job-1-s0-a1',
        pool: 'use1-az1/g6.xlarge/spot',
        at: 1e12 + 390_000,
        end: 'success',
        hours: (390 + 210) / 3600,
        bootSeconds: 150,
        speeds: [
          {
            model: 'tiny',
            size: '64x64',
            instanceType: 'g6.xlarge',
            // 2 s for the 20 steps of each image; three of the four images that are trusted
            secondsPerStep: 0.1,
            loadSeconds: 10 + 5,
            weight: 0.75,
          },
        ],
      },
    ]);
  });

  it('is a loss of the pool, and no speed, where nothing was rendered', async () => {
    const { learned, settle } = await setUp();
    await settle(interrupted);
    expect(learned.lessons).toMatchObject([{ end: 'loss', speeds: [] }]);
  });

  it('has no speed where the shard is gone', async () => {
    const { bucket, learned, settle } = await setUp({ record });
    bucket.delete('jobs/job-1/shards/00000.json');
    await settle(ended);
    expect(learned.lessons).toMatchObject([{ end: 'success', bootSeconds: 150, speeds: [] }]);
  });

  it('has no times where no instance was there', async () => {
    const { learned, settle } = await setUp({ record, simulated: true });
    await settle(ended);
    expect(learned.lessons).toMatchObject([{ end: 'success', speeds: [] }]);
    expect(learned.lessons[0]).not.toHaveProperty('bootSeconds');
  });
});

describe('settle-attempt after a timeout', () => {
  const { queue, jobName, worstUsd, usdPerHour } = aPick();
  const timeout = { stage: 'run', error: 'States.Timeout' };
  const now = makeFakeClock().now();
  const timedOut = async (job?: Partial<NamedJob>, pick = aPick()) => {
    const batch = makeFakeQueue(job ? [{ queue, jobName, ...job }] : []);
    const { ledger, learned, settle, settlement } = await setUp({ queue: batch });
    const { step } = await settle(timeout, { pick });
    return { step, batch, ledger, learned, settlement: await settlement() };
  };

  it('terminates the job that Step Functions does not name, and goes elsewhere', async () => {
    const { step, batch } = await timedOut({ startedAt: now - 60_000 });
    expect(step).toMatchObject({ outcome: 'WorkerNeverStarted', action: 'sideways' });
    expect(batch.asked).toEqual([{ queue, jobName, reason: 'WorkerNeverStarted' }]);
    expect(await batch.terminate(queue, jobName, 'again')).toMatchObject({ status: 'FAILED' });
  });

  it('bills a job that ran until it was ended: boot, run, grace and idle tail', async () => {
    const { step, ledger, learned } = await timedOut(
      { startedAt: now - 60_000 },
      aPick({ bootSeconds: 100, idleSeconds: 200 }),
    );
    expect(step.seconds).toBe(60 + 30);
    const usd = usdForSeconds(usdPerHour, 60 + 30 + 100 + 200);
    expect(step.usd).toBeCloseTo(usd, 9);
    expect(ledger.settled).toEqual([{ jobName, usd: step.usd }]);
    expect(learned.lessons).toMatchObject([{ at: now, end: 'other', hours: (60 + 30 + 100 + 200) / 3600 }]);
  });

  it('bills nothing for a job that never got a host, the whole reservation where Batch knows of none', async () => {
    expect((await timedOut({ status: 'RUNNABLE' })).step).toMatchObject({ seconds: 0, usd: 0 });
    expect((await timedOut()).step).toMatchObject({ seconds: 0, usd: worstUsd });
  });

  it('bills nothing where Batch refused the submit and has no job', async () => {
    const { settle } = await setUp();
    const { step } = await settle({ stage: 'run', error: 'Batch.ClientException', cause: 'no' });
    expect(step).toMatchObject({ outcome: 'WorkerNeverStarted', usd: 0 });
  });

  it('counts no requests beyond the reservation', async () => {
    const batch = makeFakeQueue();
    const { settle } = await setUp({ queue: batch, record: JSON.stringify(aRecordOf(images(3))) });
    expect((await settle(timeout)).step.usd).toBe(worstUsd);
  });
});
