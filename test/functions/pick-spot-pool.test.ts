import { describe, expect, it } from 'vitest';
import { BudgetExceeded, NoEligiblePool, NoSpotCapacity } from '../../functions/core/errors.ts';
import { makePickSpotPool } from '../../functions/pick-spot-pool.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aBigRecipe, aJob, anImage, aPrice, aShard, aTried, startedAt } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeClosedPools } from '../fakes/closed-pools.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { makeFakeMarket } from '../fakes/spot-market.ts';

const key = 'jobs/job-1/shards/00002.json';
const given = Array.from({ length: 200 }, (_, seed) => anImage({ ...aBigRecipe(), seed }));
const [az1, az2, any] = ['use1-az1', 'use1-az2', 'any'].map((azId) => `${azId}/g6.xlarge/spot`);

function setUp() {
  const bucket = makeFakeBucket({ [key]: JSON.stringify(aShard({ shard: 2, model: 'sd-1.5', images: given })) });
  const ledger = makeFakeLedger();
  const clock = makeFakeClock(startedAt);
  const closedPools = makeFakeClosedPools(clock.now);
  const state = makePickSpotPool({
    bucket,
    ledger,
    market: makeFakeMarket([aPrice(), aPrice({ azId: 'use1-az2', usdPerHour: 0.25 })]),
    clock,
    closedPools,
    zones: ['use1-az1', 'use1-az2'],
    instanceTypes: ['g6.xlarge'],
  });
  const event = { job: aJob(), shard: 2, key, attempt: 3, tried: aTried(), instanceType: '' };
  return {
    bucket,
    ledger,
    clock,
    closedPools,
    pick: (over: Partial<typeof event> = {}) => state({ ...event, ...over }),
  };
}

describe('pick-spot-pool', () => {
  it('picks the cheapest image and sets its worst case aside', async () => {
    const { ledger, pick } = setUp();
    const found = await pick();
    expect(found).toMatchObject({ pool: az2, queue: 'spot-diffusion-use1-az2-g6-xlarge-spot', jobName: 'job-1-s2-a3' });
    expect(await ledger.open('job-1')).toEqual([
      { jobId: 'job-1', jobName: found.jobName, queue: found.queue, usd: found.worstUsd },
    ]);
  });

  it('quotes what is left of the shard', async () => {
    const { bucket, pick } = setUp();
    const all = await pick();
    for (const { hash } of given.slice(0, 150)) await bucket.write(`images/${hash}.png`, 'x');
    const rest = await pick({ attempt: 4 });
    const seconds = (attempt: { timeoutSeconds: number }) => (attempt.timeoutSeconds - 900) / 2 - 225 - 2.1 / 1.16;
    expect(seconds(all) / seconds(rest)).toBeCloseTo(4, 1);
  });

  it('quotes the whole shard where nothing is left: another worker was faster', async () => {
    const { bucket, pick } = setUp();
    const all = await pick();
    for (const { hash } of given) await bucket.write(`images/${hash}.png`, 'x');
    expect((await pick({ attempt: 4 })).timeoutSeconds).toBe(all.timeoutSeconds);
  });

  it('tries another zone when capacity is refused, then any zone, then has none', async () => {
    const { pick } = setUp();
    const without = (closedPools: readonly (string | undefined)[]) =>
      pick({ tried: aTried({ closedPools: closedPools.filter((pool) => pool !== undefined) }) });
    expect((await without([az2])).pool).toBe(az1);
    expect((await without([az1, az2])).pool).toBe(any);
    await expect(without([az1, az2, any])).rejects.toThrow(NoSpotCapacity);
  });

  it('leaves out a pool that is closed for all jobs, until it is open again', async () => {
    const { clock, closedPools, pick } = setUp();
    await closedPools.close({ pool: az2 ?? '', until: '2026-11-23T22:10:00.000Z' });
    expect((await pick()).pool).toBe(az1);
    clock.advance(600);
    expect((await pick({ attempt: 4 })).pool).toBe(az2);
  });

  it('takes an empty type for any, and another for that alone', async () => {
    await expect(setUp().pick({ instanceType: 'g5.xlarge' })).rejects.toThrow(NoEligiblePool);
    expect((await setUp().pick({ instanceType: 'g6.xlarge' })).pool).toBe(az2);
  });

  it('forces on demand when the deadline is near', async () => {
    const job = aJob({ onDemand: 'fallback', readyBy: '2026-11-23T22:05:00.000Z' });
    expect(await setUp().pick({ job })).toMatchObject({
      pool: 'any/g6.xlarge/on-demand',
      deadlineForcesOnDemand: true,
    });
  });

  it('stops before the attempt that does not fit the budget, and sets nothing aside', async () => {
    const { ledger, pick } = setUp();
    const { worstUsd } = await setUp().pick();
    const refused = pick({ job: aJob({ maxUsd: worstUsd / 2 }) });
    await expect(refused).rejects.toThrow(BudgetExceeded);
    await expect(refused).rejects.toThrow(
      `The next attempt may cost up to $${worstUsd.toFixed(4)} in ${az2}, which does not fit what is left of ` +
        `\`maxUsd\` $${worstUsd / 2}. To fix: raise \`maxUsd\`, or send the requeue file later.`,
    );
    expect(await ledger.open('job-1')).toEqual([]);
  });

  it('lets parallel shards spend the budget once', async () => {
    const { ledger, pick } = setUp();
    const { worstUsd } = await setUp().pick();
    const job = aJob({ maxUsd: 2.5 * worstUsd });
    const ends = await Promise.allSettled([1, 2, 3, 4].map((shard) => pick({ job, shard })));
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(2);
    expect(ledger.committedUsd('job-1')).toBeLessThanOrEqual(2.5 * worstUsd);
  });

  it('reserves once when it is invoked twice for one attempt', async () => {
    const { ledger, pick } = setUp();
    expect(await pick()).toEqual(await pick());
    expect(await ledger.open('job-1')).toHaveLength(1);
  });

  it('fails loudly for a shard of a model that nobody knows', async () => {
    const { bucket, pick } = setUp();
    await bucket.write(key, JSON.stringify(aShard({ images: [anImage({ model: 'new' })] })));
    await expect(pick()).rejects.toThrow('Expected shard 2 to hold images of a known model');
  });

  it('takes the first shard of a job', async () => {
    expect((await setUp().pick({ shard: 0, attempt: 1 })).jobName).toBe('job-1-s0-a1');
  });

  it('fails for an event that is none', async () => {
    await expect(setUp().pick({ attempt: 0 })).rejects.toThrow();
  });
});
