import { describe, expect, it } from 'vitest';
import { usdForSeconds } from '../../../../functions/core/pick/cost-model.ts';
import { describeEnd, settle } from '../../../../functions/core/settle/settlement.ts';
import type { BatchJob } from '../../../../functions/core/shard/batch-job.ts';
import { aPick, aQueuedJob, aVerdict, aWait, startedAt } from '../../../fakes/builders.ts';

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
      endedAt: '2001-09-09T01:53:10.000Z',
      seconds: 390,
      startSeconds: 210,
      idleSeconds: 0,
      images: undefined,
      billed: true,
      usdPerHour: 0.344,
      usd: expect.closeTo(0.36 / 6, 9),
      onDemandUsd: expect.closeTo(0.8208 / 6, 9),
      batchJobId: 'b',
      logStream: 'log/1',
      startedAt: '2001-09-09T01:46:40.000Z',
      stoppedAt: '2001-09-09T01:53:10.000Z',
    });
  });

  it('keeps the times that Batch tells, and leaves out those that it does not', () => {
    const job = ran(390, { CreatedAt: 1e12 - 200_000 });
    expect(settle(aPick(), aVerdict({ job }), of).createdAt).toBe('2001-09-09T01:43:20.000Z');
    const never = settle(aPick(), aVerdict({ job: { JobId: 'b', CreatedAt: 1e12, StoppedAt: null } }), of);
    expect(never).toMatchObject({ createdAt: '2001-09-09T01:46:40.000Z', startedAt: undefined, stoppedAt: undefined });
  });

  it('keeps the times of a job that was ended from outside, as it was before', () => {
    const queued = aQueuedJob({ createdAt: 1e12, startedAt: 1e12 + 1000 });
    const settled = settle(aPick(), aVerdict(), of, { queued });
    expect(settled).toMatchObject({ createdAt: '2001-09-09T01:46:40.000Z', startedAt: '2001-09-09T01:46:41.000Z' });
  });

  it('compares a reservation that was spent whole with the same time on demand', () => {
    const ended = { seconds: 0, startSeconds: 0, idleSeconds: 0, usd: 0.2 };
    const { usd, onDemandUsd } = settle(aPick(), aVerdict({ outcome: 'JobCanceled' }), of, { ended });
    const hours = 0.2 / usdForSeconds(0.344, 3600);
    expect(usd).toBe(0.2);
    expect(onDemandUsd).toBeCloseTo(usdForSeconds(0.8048, hours * 3600), 9);
  });

  it('keeps why the attempt waited, and among which pools it was picked', () => {
    const ranked = [{ pool: 'p', gpu: 'L4', usdPerHour: 1, usdPerImage: 1, minutes: 1, why: 'cheapest' }];
    const settled = settle(aPick({ ranked }), aVerdict(), of, { wait: aWait({ until: startedAt }) });
    expect(settled.wait).toEqual({ sentence: 'an instance starts', until: startedAt });
    expect(settled.ranked).toEqual(ranked);
    expect(settle(aPick(), aVerdict(), of).wait).toBeUndefined();
  });

  it('bills the boot and the idle tail that the pick expected', () => {
    const settled = settle(aPick({ bootSeconds: 100, idleSeconds: 80 }), aVerdict({ job: ran(420) }), of);
    expect(settled).toMatchObject({ seconds: 420, startSeconds: 100, idleSeconds: 80 });
    // ten minutes at $0.344, on demand $0.8048, each with volume and address
    expect(settled.usd).toBeCloseTo(0.36 / 6, 9);
    expect(settled.onDemandUsd).toBeCloseTo(0.8208 / 6, 9);
  });

  it('adds three requests to S3 for each image, at $0.005 per thousand, on either market', () => {
    const settled = settle(aPick(), aVerdict({ job: ran(390) }), of, { images: 1000 });
    expect(settled.images).toBe(1000);
    expect(settled.usd).toBeCloseTo(0.36 / 6 + 3 * 0.005, 9);
    expect(settled.onDemandUsd).toBeCloseTo(0.8208 / 6 + 3 * 0.005, 9);
  });

  it('takes what an attempt that was ended from outside used as it is', () => {
    const ended = { seconds: 300, startSeconds: 200, idleSeconds: 100, usd: 0.05 };
    const settled = settle(aPick(), aVerdict({ outcome: 'WorkerNeverStarted' }), of, { ended, images: 1000 });
    expect(settled).toMatchObject({ ...ended, billed: true });
    expect(settled.onDemandUsd).toBeCloseTo(0.8208 / 6, 9);
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

  it('says when it ended: by Batch, or else by the clock of who settles', () => {
    const endOf = (job?: BatchJob, now?: number) => settle(aPick(), aVerdict({ job }), of, { now }).endedAt;
    expect(endOf(ran(390), 2e12)).toBe('2001-09-09T01:53:10.000Z');
    expect(endOf(undefined, 1e12)).toBe('2001-09-09T01:46:40.000Z');
    expect(endOf({ JobId: 'b', StoppedAt: null }, 1e12)).toBe('2001-09-09T01:46:40.000Z');
    expect(endOf()).toBeUndefined();
  });

  it.each<BatchJob>([
    { JobId: 'b', StatusReason: 'Task failed to start' },
    { JobId: 'b', StatusReason: 'ResourceInitializationError: unable to pull secrets' },
    { JobId: 'b', Container: { ContainerInstanceArn: 'arn:aws:ecs:us-east-1:1:container-instance/a/b' } },
  ])('bills the boot and the idle tail of an instance that it was placed on: %j', (job) => {
    const pick = aPick({ bootSeconds: 100, idleSeconds: 80 });
    expect(settle(pick, aVerdict({ outcome: 'WorkerNeverStarted', job }), of)).toMatchObject({
      seconds: 0,
      startSeconds: 100,
      idleSeconds: 80,
    });
  });

  it('bills the instance whose container never started: it booted, and idles until Batch ends it', () => {
    const job = { JobId: 'b', StoppedAt: 5, Container: { Reason: 'CannotPullContainerError: no route' } };
    const pick = aPick({ bootSeconds: 100, idleSeconds: 80 });
    const settled = settle(pick, aVerdict({ outcome: 'WorkerNeverStarted', job }), of);
    expect(settled).toMatchObject({ seconds: 0, startSeconds: 100, idleSeconds: 80 });
    expect(settled.usd).toBeCloseTo(0.36 / 20, 9);
  });

  it('bills volume and address alone of an instance that EC2 takes back while it boots', () => {
    const job = { JobId: 'b', StatusReason: 'Host EC2 (instance i-0) terminated.' };
    const settled = settle(aPick({ bootSeconds: 225 }), aVerdict({ outcome: 'SpotInterrupted', job }), of);
    expect(settled).toMatchObject({ seconds: 0, startSeconds: 225, billed: false });
    expect(settled.usd).toBeCloseTo(0.016 / 16, 9);
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

  it('has no idle tail after an interruption: the instance is gone', () => {
    const pick = aPick({ bootSeconds: 100, idleSeconds: 300 });
    const lost = settle(pick, aVerdict({ outcome: 'SpotInterrupted', job: ran(3300) }), of);
    expect(lost).toMatchObject({ idleSeconds: 0, billed: false });
    expect(settle(pick, aVerdict({ outcome: 'WorkerLost', job: ran(3300) }), of)).toMatchObject({ idleSeconds: 300 });
  });

  it('bills all of the time of an instance that is taken back after the first hour, its first hour included', () => {
    const pick = aPick({ bootSeconds: 200 });
    const lost = settle(pick, aVerdict({ outcome: 'SpotInterrupted', job: ran(7200 - 200) }), of);
    expect(lost.usd).toBeCloseTo(2 * 0.36, 9);
  });

  it('keeps why the attempt was not simply where an image was the cheapest', () => {
    const settled = settle(aPick({ note: 'a pilot' }), aVerdict({ reason: 'said', job: ran(10) }), of);
    expect(settled.note).toBe('a pilot');
    expect(describeEnd(settled)).toBe('a pilot; said');
    const plain = settle(aPick({ note: '' }), aVerdict({ reason: 'said', job: ran(10) }), of);
    expect(plain).not.toHaveProperty('note');
    expect(describeEnd(plain)).toBe('said');
    expect(describeEnd({ reason: '' })).toBe('');
  });

  it('counts the first hour from the boot of the instance, which another attempt may have had before', () => {
    const lostAt = (hostSeconds: number) =>
      settle(aPick({ bootSeconds: 10, hostSeconds }), aVerdict({ outcome: 'SpotInterrupted', job: ran(90) }), of);
    expect(lostAt(3499)).toMatchObject({ billed: false });
    expect(lostAt(3500)).toMatchObject({ billed: true, usd: expect.closeTo(0.36 / 36, 9) });
  });

  it('bills every other loss from its first second', () => {
    expect(settle(aPick(), aVerdict({ outcome: 'WorkerLost', job: ran(10) }), of).billed).toBe(true);
  });

  it('bills a host on demand that is lost in the first hour', () => {
    const pick = aPick({ pool: 'any/g6.xlarge/on-demand', usdPerHour: 0.8048 });
    expect(settle(pick, aVerdict({ outcome: 'SpotInterrupted', job: ran(390) }), of).billed).toBe(true);
  });
});
