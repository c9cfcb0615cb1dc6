import { describe, expect, it } from 'vitest';
import { makeSettleAttempt } from '../../functions/settle-attempt.ts';
import { type FakeQueue, makeFakeQueue } from '../fakes/batch-queue.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aPick, aRecord, aReservation, aTried } from '../fakes/builders.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';

const recordKey = 'jobs/job-1/attempts/00000-1.json';
const settlementKey = 'jobs/job-1/attempts/00000-1.settled.json';
const causeOf = (over: object) =>
  JSON.stringify({ JobId: 'b-1', StartedAt: 1e12, StoppedAt: 1e12 + 390_000, Container: {}, ...over });
const interrupted = {
  stage: 'run',
  error: 'States.TaskFailed',
  cause: causeOf({ StatusReason: 'Host EC2 (instance i-0abc) terminated.' }),
};
const refused = { stage: 'pick', error: 'NoSpotCapacity', cause: '{"errorMessage":"No capacity"}' };

async function setUp(
  over: {
    readonly queue?: FakeQueue;
    readonly random?: number;
    readonly timeScale?: number;
    readonly record?: string;
  } = {},
) {
  const bucket = makeFakeBucket(over.record === undefined ? {} : { [recordKey]: over.record });
  const ledger = makeFakeLedger();
  await ledger.reserve(aReservation());
  const queue = over.queue ?? makeFakeQueue();
  const state = makeSettleAttempt({
    bucket,
    ledger,
    queue,
    random: () => over.random ?? 0,
    timeScale: over.timeScale ?? 1,
  });
  const settle = (end: object, more: object = {}) =>
    state({ jobId: 'job-1', shard: 0, attempt: 1, tried: aTried(), pick: aPick(), end, ...more });
  return { bucket, ledger, queue, settle };
}

describe('settle-attempt', () => {
  it('settles an attempt that succeeded', async () => {
    const { bucket, ledger, queue, settle } = await setUp();
    const job = JSON.parse(causeOf({ Status: 'SUCCEEDED' }));
    expect(await settle({ stage: 'run', job })).toEqual({
      attempt: 2,
      tried: aTried(),
      step: {
        action: 'done',
        waitSeconds: 0,
        outcome: 'Succeeded',
        reason: '',
        pool: 'use1-az1/g6.xlarge/spot',
        seconds: 390,
        usd: expect.closeTo(0.06, 9),
      },
      failures: [],
    });
    expect(JSON.parse((await bucket.read(settlementKey)) ?? '')).toMatchObject({
      outcome: 'Succeeded',
      batchJobId: 'b-1',
    });
    expect(ledger.settled).toEqual([{ jobName: 'job-1-s0-a1', usd: expect.closeTo(0.06, 9) }]);
    expect(queue.asked).toEqual([]);
  });

  it('goes sideways after an interruption, never to the pool just lost', async () => {
    const { settle } = await setUp();
    expect(await settle(interrupted)).toMatchObject({
      attempt: 2,
      tried: { closedPools: ['use1-az1/g6.xlarge/spot'], counts: { SpotInterrupted: 1 } },
      step: { action: 'sideways', outcome: 'SpotInterrupted', reason: 'Host EC2 (instance i-0abc) terminated.' },
      failures: [],
    });
  });

  it('writes what the attempt cost before it frees the reservation', async () => {
    const { bucket, ledger, settle } = await setUp();
    const order: string[] = [];
    const write = bucket.write;
    const free = ledger.settle;
    bucket.write = async (...given) => {
      order.push('record');
      await write(...given);
    };
    Object.assign(ledger, {
      settle: async (...given: Parameters<typeof free>) => {
        order.push('free');
        await free(...given);
      },
    });
    await settle(interrupted);
    expect(order).toEqual(['record', 'free']);
    expect(await ledger.open('job-1')).toEqual([]);
  });

  it("takes the worker's own words over its exit code, on one line and cut", async () => {
    const record = JSON.stringify(aRecord({ outcome: 'WeightsUnavailable', message: `no\n  file ${'x'.repeat(700)}` }));
    const { settle } = await setUp({ record });
    const end = { stage: 'run', error: 'States.TaskFailed', cause: causeOf({ Container: { ExitCode: 82 } }) };
    const { step } = await settle(end, { tried: aTried({ counts: { WeightsUnavailable: 1 } }) });
    expect(step).toMatchObject({ outcome: 'WeightsUnavailable', action: 'stop' });
    expect(step.reason).toMatch(/^no file x+$/);
    expect(step.reason).toHaveLength(600);
  });

  it.each(['{"version":1}', JSON.stringify(aRecord({ message: '' }))])(
    'keeps its own words over the record %j',
    async (record) => {
      const { settle } = await setUp({ record });
      expect((await settle(interrupted)).step.reason).toBe('Host EC2 (instance i-0abc) terminated.');
    },
  );

  it('keeps its own words over a record that is no JSON', async () => {
    const { settle } = await setUp({ record: '{"version":' });
    expect((await settle(interrupted)).step.reason).toBe('Host EC2 (instance i-0abc) terminated.');
  });

  it('has no words of a worker after success', async () => {
    const { settle } = await setUp({ record: JSON.stringify(aRecord({ message: 'left over' })) });
    expect((await settle({ stage: 'run', job: JSON.parse(causeOf({})) })).step.reason).toBe('');
  });

  it('stops with the name and the cause where the job is at fault', async () => {
    const { settle } = await setUp();
    const end = { stage: 'run', error: 'States.TaskFailed', cause: causeOf({ Container: { ExitCode: 83 } }) };
    expect(await settle(end)).toMatchObject({
      step: { action: 'stop' },
      failures: [{ error: 'GenerationFailed', cause: 'worker exit code 83' }],
    });
  });

  it('terminates a job that a timeout left without an id, and counts its whole reservation as spent', async () => {
    const { pool: _, ...where } = aPick();
    const queue = makeFakeQueue([where]);
    const { settle } = await setUp({ queue });
    const { step } = await settle({ stage: 'run', error: 'States.Timeout' });
    expect(step).toMatchObject({
      outcome: 'WorkerNeverStarted',
      action: 'sideways',
      seconds: 0,
      usd: aPick().worstUsd,
    });
    expect(queue.asked).toEqual([{ queue: where.queue, jobName: where.jobName, reason: 'WorkerNeverStarted' }]);
    expect(await queue.terminate(where.queue, where.jobName, 'again')).toBe(false);
  });

  it('gives the same answer twice and settles once: Lambda may repeat it', async () => {
    const { ledger, settle } = await setUp();
    expect(await settle(interrupted)).toEqual(await settle(interrupted));
    expect(ledger.settled).toHaveLength(1);
  });

  it('fails for an event that is none', async () => {
    await expect((await setUp()).settle({ stage: 'other' })).rejects.toThrow();
  });
});

describe('settle-attempt after a pick that was refused', () => {
  const none = { pick: undefined };

  it('waits and opens all pools again, without a new attempt, without a settlement', async () => {
    const { bucket, ledger, queue, settle } = await setUp();
    expect(await settle(refused, { ...none, attempt: 4, tried: aTried({ closedPools: ['a'] }) })).toEqual({
      attempt: 4,
      tried: aTried({ waits: 1, counts: { NoSpotCapacity: 1 } }),
      step: {
        action: 'wait',
        waitSeconds: 30,
        outcome: 'NoSpotCapacity',
        reason: 'No capacity',
        pool: 'none',
        seconds: 0,
        usd: 0,
      },
      failures: [],
    });
    expect(bucket.written).toEqual([]);
    expect(ledger.settled).toEqual([]);
    expect(queue.asked).toEqual([]);
  });

  it.each([
    [1, 1, 60],
    [0, 0.02, 1],
    [0.5, 0.1, 5],
  ])('waits by chance %f and time scale %f for %i s: never less than one', async (random, timeScale, seconds) => {
    const { settle } = await setUp({ random, timeScale });
    expect((await settle(refused, none)).step.waitSeconds).toBe(seconds);
  });

  it('takes null for no pick', async () => {
    const { settle } = await setUp();
    expect((await settle(refused, { pick: null })).step.action).toBe('wait');
  });

  it('stops when the budget does not allow the attempt', async () => {
    const { settle } = await setUp();
    const end = { stage: 'pick', error: 'BudgetExceeded', cause: '{"errorMessage":"too dear"}' };
    expect(await settle(end, none)).toMatchObject({
      step: { action: 'stop', pool: 'none' },
      failures: [{ error: 'BudgetExceeded', cause: 'too dear' }],
    });
  });
});
