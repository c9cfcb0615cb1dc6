import { describe, expect, it, vi } from 'vitest';
import { BudgetExceeded, NoEligiblePool, NoSpotCapacity } from '../../functions/core/errors.ts';
import { makePickSpotPool } from '../../functions/pick-spot-pool.ts';
import { makeReadOutlook } from '../../functions/read-outlook.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aBigRecipe, aJob, anImage, aPrice, aShard, aTried, startedAt } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeClosedPools } from '../fakes/closed-pools.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { outlookSources } from '../fakes/outlook-sources.ts';
import { makeFakeSlots } from '../fakes/slots.ts';
import { makeFakeMarket } from '../fakes/spot-market.ts';

const key = 'jobs/job-1/shards/00002.json';
const given = Array.from({ length: 200 }, (_, seed) => anImage({ ...aBigRecipe(), seed }));
const [az1, az2, any] = ['use1-az1', 'use1-az2', 'any'].map((azId) => `${azId}/g6.xlarge/spot`);

function setUp(
  over: { readonly vcpus?: number; readonly others?: number; readonly instanceTypes?: readonly string[] } = {},
) {
  const bucket = makeFakeBucket({ [key]: JSON.stringify(aShard({ shard: 2, model: 'sd-1.5', images: given })) });
  const ledger = makeFakeLedger();
  const clock = makeFakeClock(startedAt);
  const closedPools = makeFakeClosedPools(clock.now);
  const dear = aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.5 });
  const market = makeFakeMarket([aPrice(), aPrice({ azId: 'use1-az2', usdPerHour: 0.25 }), dear]);
  const slots = makeFakeSlots(clock.now);
  const state = makePickSpotPool({
    bucket,
    ledger,
    slots,
    readOutlook: makeReadOutlook(
      outlookSources({
        spot: market,
        closedPools,
        clock,
        slots,
        quotas: { vcpus: async () => over.vcpus ?? 64 },
        instanceUse: { othersVcpus: async () => over.others ?? 0 },
      }),
    ),
    clock,
    zones: ['use1-az1', 'use1-az2'],
    instanceTypes: over.instanceTypes ?? ['g6.xlarge'],
    timeScale: 1,
  });
  const event = {
    job: aJob(),
    shard: 2,
    key,
    attempt: 3,
    tried: aTried(),
    instanceType: '',
    pilot: '',
    shards: 3,
    concurrency: 3,
  };
  return {
    bucket,
    ledger,
    slots,
    clock,
    closedPools,
    pick: (over: Partial<typeof event> & { readonly missing?: number } = {}) => state({ ...event, ...over }),
  };
}

describe('pick-spot-pool', () => {
  it('picks the cheapest image and sets its worst case aside', async () => {
    const { ledger, pick } = setUp();
    const found = await pick();
    expect(found).toMatchObject({ pool: az2, queue: 'spot-diffusion-use1-az2-g6-xlarge-spot', jobName: 'job-1-s2-a3' });
    const { usdPerHour, onDemandUsdPerHour, bootSeconds, idleSeconds } = found;
    expect(await ledger.open('job-1')).toEqual([
      {
        jobId: 'job-1',
        jobName: found.jobName,
        queue: found.queue,
        usd: found.worstUsd,
        attempt: {
          shard: 2,
          attempt: 3,
          pool: az2,
          usdPerHour,
          onDemandUsdPerHour,
          bootSeconds,
          idleSeconds,
          hostSeconds: 0,
          note: '',
        },
      },
    ]);
  });

  it('quotes what is left of the shard', async () => {
    const { bucket, pick } = setUp();
    const all = await pick();
    for (const { hash } of given.slice(0, 150)) await bucket.write(`images/${hash}.png`, 'x');
    const rest = await pick({ attempt: 4 });
    const seconds = (attempt: { timeoutSeconds: number }) => (attempt.timeoutSeconds - 900) / 2 - 225 - 2.1 / 1.16;
    // The instance of the first attempt is in use: the second boots its own.
    expect(seconds(all) / seconds(rest)).toBeCloseTo(4, 1);
  });

  it('quotes the whole shard where nothing is left: another worker was faster', async () => {
    const { bucket, pick } = setUp();
    const all = await pick();
    for (const { hash } of given) await bucket.write(`images/${hash}.png`, 'x');
    expect((await pick({ attempt: 4 })).timeoutSeconds).toBe(all.timeoutSeconds);
  });

  it('asks which images are there only where some are: Find missing images has counted them', async () => {
    const { bucket, pick } = setUp();
    const all = await pick();
    const listAfter = vi.spyOn(bucket, 'listAfter');
    expect((await pick({ attempt: 4, missing: given.length })).timeoutSeconds).toBe(all.timeoutSeconds);
    expect(listAfter).not.toHaveBeenCalled();
    await pick({ attempt: 5, missing: given.length - 1 });
    expect(listAfter).toHaveBeenCalled();
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
    const { ledger, slots, pick } = setUp();
    const { worstUsd } = await setUp().pick();
    const refused = pick({ job: aJob({ maxUsd: worstUsd / 20 }) });
    await expect(refused).rejects.toThrow(BudgetExceeded);
    await expect(refused).rejects.toThrow(/^The start and one image of shard 2 may cost up to \$0\.\d{4} in use1-az2/);
    expect(await ledger.open('job-1')).toEqual([]);
    expect(slots.books.size).toBe(0);
  });

  it('spends what is left on as many images as it pays for', async () => {
    const { ledger, pick } = setUp();
    const { worstUsd } = await setUp().pick();
    const found = await pick({ job: aJob({ maxUsd: worstUsd / 2 }) });
    expect(found).toMatchObject({ pool: az2, budgetLimited: true });
    expect(ledger.committedUsd('job-1')).toBeLessThanOrEqual(worstUsd / 2);
  });

  it('gives its slot back where another shard was faster with the budget', async () => {
    const { ledger, slots, clock, pick } = setUp();
    ledger.left = async () => undefined;
    await ledger.reserve({ jobId: 'job-1', jobName: 'other', queue: 'q', usd: 0.9 }, 1);
    await expect(pick({ job: aJob({ maxUsd: 1 }) })).rejects.toThrow(
      /^The next attempt may cost up to .* of `maxUsd` \$1: other shards were faster\. To fix: raise `maxUsd`/,
    );
    expect(slots.freed).toEqual([{ jobName: 'job-1-s2-a3', goneAt: clock.now() }]);
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 0 });
  });

  it('lets parallel shards spend the budget once', async () => {
    const { ledger, pick } = setUp();
    const { worstUsd } = await setUp().pick();
    const job = aJob({ maxUsd: 2.5 * worstUsd });
    const ends = await Promise.allSettled([1, 2, 3, 4].map((shard) => pick({ job, shard })));
    expect(ends.filter((end) => end.status === 'fulfilled').length).toBeGreaterThanOrEqual(2);
    expect(ledger.committedUsd('job-1')).toBeLessThanOrEqual(2.5 * worstUsd);
  });

  it('reserves once when it is invoked twice for one attempt', async () => {
    const { ledger, pick } = setUp();
    expect(await pick()).toEqual(await pick());
    expect(await ledger.open('job-1')).toHaveLength(1);
  });

  it('holds the vCPUs of its quota from then on', async () => {
    const { slots, pick } = setUp();
    await pick();
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 4 });
  });

  it('takes over an instance that idles: no boot, and what it idled for is paid', async () => {
    const { slots, clock, pick } = setUp();
    const cold = await pick();
    await slots.free(cold.jobName, clock.now() + 300_000);
    clock.advance(20);
    const warm = await pick({ attempt: 4 });
    expect(warm).toMatchObject({ pool: az2, bootSeconds: 10, idleSeconds: 20, hostSeconds: 20 });
    // It may be gone by then: set aside is what an instance of its own costs.
    expect(warm.worstUsd).toBeGreaterThan(cold.worstUsd * 0.75);
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 4 });
  });

  it('leaves an idle instance as it was where the budget does not allow the attempt', async () => {
    const { ledger, slots, clock, pick } = setUp();
    const { jobName } = await pick();
    const goneAt = clock.now() + 300_000;
    await slots.free(jobName, goneAt);
    clock.advance(20);
    ledger.reserve = async () => false;
    await expect(pick({ attempt: 4 })).rejects.toThrow(BudgetExceeded);
    expect((await slots.held()).idle).toEqual([{ pool: az2, secondsLeft: 280 }]);
  });

  it('gives its slot back where the ledger fails', async () => {
    const { ledger, slots, pick } = setUp();
    ledger.reserve = async () => {
      throw new Error('throttled');
    };
    await expect(pick()).rejects.toThrow('throttled');
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 0 });
  });

  it('waits in line where its own account uses the whole quota, and says so', async () => {
    const { pick } = setUp({ vcpus: 4 });
    await pick();
    const refused = pick({ shard: 3, job: aJob({ jobId: 'job-2' }) });
    await expect(refused).rejects.toThrow(NoSpotCapacity);
    await expect(refused).rejects.toThrow(
      'The vCPU quota is full for shard 3: quota L-3819A6DF (All G and VT Spot Instance Requests): have 4 vCPUs, 4 used, ' +
        'need 4. It starts when another instance ends. To fix: ask for more vCPUs at ' +
        'https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas/L-3819A6DF',
    );
  });

  it('leaves the next slot to a job that holds less', async () => {
    const { slots, clock, pick } = setUp({ vcpus: 8 });
    const first = await pick({ shard: 0 });
    await pick({ shard: 1 });
    await expect(pick({ shard: 0, job: aJob({ jobId: 'job-2' }) })).rejects.toThrow(/quota is full/);
    await slots.free(first.jobName, clock.now());
    await expect(pick({ shard: 3 })).rejects.toThrow(/4 used, need 4, and a job that holds less comes first/);
    expect((await pick({ shard: 0, job: aJob({ jobId: 'job-2' }) })).jobName).toBe('job-2-s0-a3');
  });

  it('goes on demand where it may and no slot of the Spot quota is left, and stands in no line for one', async () => {
    const { slots, pick } = setUp({ vcpus: 4 });
    await pick();
    const job = aJob({ jobId: 'job-2', onDemand: 'fallback' });
    expect((await pick({ job })).pool).toBe('any/g6.xlarge/on-demand');
    expect(slots.books.get('L-3819A6DF')?.wants).toEqual([]);
  });

  it('counts what others use of the quota', async () => {
    await expect(setUp({ vcpus: 8, others: 8 }).pick()).rejects.toThrow(/have 8 vCPUs, 8 used, need 4/);
  });

  it('lends the first attempt of a pilot to its type, and no later one', async () => {
    const types = ['g6.xlarge', 'g4dn.xlarge'];
    const { pick } = setUp({ instanceTypes: types });
    const first = await pick({ attempt: 1, pilot: 'g4dn.xlarge' });
    expect(first).toMatchObject({ pool: 'use1-az1/g4dn.xlarge/spot', pilot: true });
    expect(await pick({ attempt: 2, pilot: 'g4dn.xlarge' })).toMatchObject({ pool: az2, pilot: false });
  });

  it('leaves time for the shards that come after it', async () => {
    const at = (seconds: number) => new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
    const job = aJob({ onDemand: 'fallback', readyBy: at(7200) });
    expect(await setUp().pick({ job })).toMatchObject({ deadlineForcesOnDemand: false });
    expect(await setUp().pick({ job, shards: 40, concurrency: 4 })).toMatchObject({ deadlineForcesOnDemand: true });
    expect(await setUp().pick({ job, shards: 40, concurrency: 40 })).toMatchObject({ deadlineForcesOnDemand: false });
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
