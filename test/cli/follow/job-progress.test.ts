import { describe, expect, it } from 'vitest';
import { JobProgress, type ShardState } from '../../../cli/follow/job-progress.ts';
import type { Moment, StepView } from '../../../cli/follow/moments.ts';
import { progressLines } from '../../../cli/follow/progress-lines.ts';
import { makeFakeBucket } from '../../fakes/bucket.ts';
import { aShard, images } from '../../fakes/builders.ts';

const made = images(40);
const pool = 'use1-az4/g6.xlarge/spot';
const picked = (shard = 0): Moment => ({
  kind: 'picked',
  shard,
  attempt: 1,
  pick: { pool, ranked: [], timeoutSeconds: 60 },
});
const step: StepView = { action: 'done', waitSeconds: 0, outcome: 'Succeeded', reason: '', pool, seconds: 3 };

function setUp() {
  const bucket = makeFakeBucket({
    'jobs/job-1/shards/00000.json': JSON.stringify(aShard({ images: made })),
    'jobs/job-1/shards/00001.json': JSON.stringify(aShard({ shard: 1, images: made.slice(0, 2) })),
  });
  let seconds = 0;
  const progress = new JobProgress(bucket, 'job-1', () => seconds);
  /** So many images are there after so many seconds. */
  const lookAt = async (at: number, count: number) => {
    for (const { hash } of made.slice(0, count)) await bucket.write(`images/${hash}.png`, 'png');
    seconds = at;
    return progress.look();
  };
  return { progress, lookAt };
}

describe('how far a shard is', () => {
  it('is nothing before a pool is picked, and after the shard is over', async () => {
    const { progress, lookAt } = setUp();
    expect(await lookAt(0, 0)).toEqual([]);
    await progress.note(picked());
    expect(await lookAt(1, 0)).toEqual([{ shard: 0, done: 0, total: 40, pool }]);
    await progress.note({ kind: 'settled', shard: 0, step });
    expect(await lookAt(2, 40)).toEqual([]);
  });

  it('counts what was there before, and takes its speed from what comes after', async () => {
    const { progress, lookAt } = setUp();
    await progress.note(picked());
    expect(await lookAt(10, 20)).toEqual([{ shard: 0, done: 20, total: 40, pool }]);
    await lookAt(20, 22);
    const [shard] = await lookAt(24, 30);
    expect(shard).toMatchObject({ done: 30, imagesPerSecond: 2, secondsLeft: 5 });
  });

  it('forgets what was faster a minute ago', async () => {
    const { progress, lookAt } = setUp();
    await progress.note(picked());
    for (const [at, count] of [
      [0, 0],
      [1, 10],
      [2, 20],
      [100, 21],
      [110, 22],
      [120, 23],
    ] as const) {
      await lookAt(at, count);
    }
    expect((await lookAt(130, 24))[0]?.imagesPerSecond).toBeCloseTo(0.1, 9);
  });

  it('says why a shard waits, and goes on where it was', async () => {
    const { progress, lookAt } = setUp();
    await progress.note(picked());
    await lookAt(1, 5);
    const wait = { ...step, action: 'wait', reason: 'every pool refused' };
    await progress.note({ kind: 'settled', shard: 0, step: wait });
    expect(await lookAt(2, 5)).toEqual([{ shard: 0, done: 5, total: 40, pool: '', wait: 'every pool refused' }]);
    await progress.note(picked());
    expect(await lookAt(3, 5)).toEqual([{ shard: 0, done: 5, total: 40, pool }]);
  });

  it('is told of several shards by their number', async () => {
    const { progress, lookAt } = setUp();
    await progress.note(picked(1));
    await progress.note(picked(0));
    expect((await lookAt(1, 1)).map(({ shard, done, total }) => [shard, done, total])).toEqual([
      [0, 1, 40],
      [1, 1, 2],
    ]);
  });
});

describe('how far a job is', () => {
  const planned = (images: readonly number[]): Moment => ({
    kind: 'planned',
    plan: {
      ...{ ranked: [], rejected: [], rejectedCount: 0, pilots: [], advice: [], gaps: [], concurrency: 1 },
      ...{ costUsd: { p50: 0, p90: 0, onDemand: 0 }, readySeconds: { p50: 0, p90: 0 } },
      shards: images.map((count, shard) => ({ shard, key: '', images: count })),
    },
  });

  it('is nothing before there is a plan', () => {
    expect(setUp().progress.images).toEqual({ done: 0, total: 0 });
  });

  it('counts what was there before, what is being made, and what a shard left at its end', async () => {
    const { progress, lookAt } = setUp();
    await progress.note(planned([40, 2]));
    await progress.note({ kind: 'found', shard: 1, images: 2, missing: 0 });
    expect(progress.images).toEqual({ done: 2, total: 42 });
    await progress.note(picked());
    await lookAt(1, 7);
    expect(progress.images).toEqual({ done: 9, total: 42 });
    await lookAt(2, 12);
    await progress.note({ kind: 'settled', shard: 0, step: { ...step, action: 'stop' } });
    expect(progress.images).toEqual({ done: 14, total: 42 });
  });

  it('counts nothing twice after a loss', async () => {
    const { progress, lookAt } = setUp();
    await progress.note(planned([40]));
    await progress.note({ kind: 'found', shard: 0, images: 40, missing: 40 });
    await progress.note(picked());
    await lookAt(1, 20);
    await progress.note({ kind: 'settled', shard: 0, step: { ...step, action: 'sideways', outcome: 'WorkerLost' } });
    expect(await lookAt(2, 20)).toEqual([{ shard: 0, done: 20, total: 40, pool: '', wait: 'another one is tried' }]);
    await progress.note({ kind: 'found', shard: 0, images: 40, missing: 20 });
    await progress.note(picked());
    expect(progress.images).toEqual({ done: 20, total: 40 });
  });
});

describe('the lines of a progress', () => {
  const all = { done: 10, total: 40, seconds: 20 };
  const state = (over: Partial<ShardState> = {}): ShardState => ({ shard: 0, done: 10, total: 40, pool, ...over });

  it('are a bar with pace, time left and pool for each shard, and one for all', () => {
    expect(progressLines(all, [state({ imagesPerSecond: 0.5, secondsLeft: 60 })])).toEqual([
      `shard 0  ███░░░░░░░░░ 10/40, 0.50 images/s, 60 s left, in ${pool}`,
      '████████░░░░░░░░░░░░░░░░░░░░░░ 10/40 images, 20 s, about 60 s left',
    ]);
  });

  it('say what there is to say without a pace', () => {
    const lines = progressLines(all, [
      state(),
      state({ shard: 1, pool: '', wait: 'the quota is full' }),
      state({ shard: 2, done: 40 }),
    ]);
    expect(lines.map((line) => line.replace(/^.*\/40, /, ''))).toEqual([
      `in ${pool}: starting, or its first images`,
      'waits for a pool: the quota is full',
      'closing',
      '████████░░░░░░░░░░░░░░░░░░░░░░ 10/40 images, 20 s',
    ]);
  });

  it('name eight shards and count the others', () => {
    const lines = progressLines(
      all,
      Array.from({ length: 12 }, (_, shard) => state({ shard })),
    );
    expect(lines).toHaveLength(10);
    expect(lines[8]).toBe('and 4 more shards at work');
  });
});
