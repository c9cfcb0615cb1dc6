import { describe, expect, it } from 'vitest';
import type { BatchJob } from '../../../functions/core/batch-job.ts';
import { settle } from '../../../functions/core/settlement.ts';
import { aPick, aVerdict } from '../../fakes/builders.ts';

const of = { jobId: 'job-1', shard: 2, attempt: 3 };
const ran = (seconds: number, over: Partial<BatchJob> = {}): BatchJob => ({
  JobId: 'b',
  StartedAt: 1e12,
  StoppedAt: 1e12 + seconds * 1000,
  ...over,
});

describe('settle', () => {
  it('bills the boot and the run at the price of the pick, with volume and address', () => {
    const job = ran(390, { Container: { LogStreamName: 'log/1' } });
    expect(settle(aPick(), aVerdict({ job }), of)).toEqual({
      version: 1,
      ...of,
      pool: 'use1-az1/g6.xlarge/spot',
      outcome: 'Succeeded',
      reason: '',
      seconds: 390,
      startSeconds: 210,
      billed: true,
      usdPerHour: 0.344,
      usd: expect.closeTo(0.36 / 6, 9),
      onDemandUsd: expect.closeTo(0.8208 / 6, 9),
      batchJobId: 'b',
      logStream: 'log/1',
    });
  });

  it('keeps the outcome and its reason', () => {
    const settled = settle(aPick(), aVerdict({ outcome: 'WorkerLost', reason: 'why' }), of);
    expect(settled).toMatchObject({ outcome: 'WorkerLost', reason: 'why' });
  });

  it.each<[string, BatchJob | undefined]>([
    ['no job', undefined],
    ['a job that never started', { JobId: 'b', StartedAt: null, StoppedAt: 5 }],
  ])('bills nothing for %s', (_, job) => {
    expect(settle(aPick(), aVerdict({ outcome: 'WorkerNeverStarted', job }), of)).toMatchObject({
      seconds: 0,
      startSeconds: 0,
      usd: 0,
      onDemandUsd: 0,
      billed: true,
    });
  });

  it('bills the boot of a job of which no end is known, and no negative time', () => {
    expect(settle(aPick(), aVerdict({ job: ran(0, { StoppedAt: null }) }), of)).toMatchObject({
      seconds: 0,
      startSeconds: 210,
    });
    expect(settle(aPick(), aVerdict({ job: ran(-50) }), of).seconds).toBe(0);
  });

  it('expects an interruption in the first hour to be free, but for volume and address', () => {
    const settled = settle(aPick(), aVerdict({ outcome: 'SpotInterrupted', job: ran(390) }), of);
    expect(settled.billed).toBe(false);
    expect(settled.usd).toBeCloseTo(0.016 / 6, 9);
    expect(settled.onDemandUsd).toBeCloseTo(0.8208 / 6, 9);
  });

  it('bills an interruption after the first hour', () => {
    const lostAfter = (seconds: number) =>
      settle(aPick(), aVerdict({ outcome: 'SpotInterrupted', job: ran(seconds) }), of);
    expect(lostAfter(3600 - 210 - 1).billed).toBe(false);
    expect(lostAfter(3600 - 210).billed).toBe(true);
    expect(lostAfter(3600 - 210).usd).toBeCloseTo(0.36, 9);
  });

  it('bills every other loss from its first second', () => {
    expect(settle(aPick(), aVerdict({ outcome: 'WorkerLost', job: ran(10) }), of).billed).toBe(true);
  });

  it('bills a host on demand that is lost in the first hour', () => {
    const pick = aPick({ pool: 'any/g6.xlarge/on-demand', usdPerHour: 0.8048 });
    expect(settle(pick, aVerdict({ outcome: 'SpotInterrupted', job: ran(390) }), of).billed).toBe(true);
  });
});
