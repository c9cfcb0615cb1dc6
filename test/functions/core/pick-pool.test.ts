import { describe, expect, it } from 'vitest';
import { NoEligiblePool, NoSpotCapacity } from '../../../functions/core/errors.ts';
import { type PickRequest, pickPool } from '../../../functions/core/pick-pool.ts';
import { listPools } from '../../../functions/core/pools.ts';
import { settle } from '../../../functions/core/settlement.ts';
import { aJob, aPrice, aTried, aVerdict, aWork, startedAt } from '../../fakes/builders.ts';

const pools = listPools(['use1-az1', 'use1-az2'], ['g6.xlarge']);
const prices = [aPrice({ usdPerHour: 0.3 }), aPrice({ azId: 'use1-az2', usdPerHour: 0.25 })];
const now = Date.parse(startedAt);
const request = (over: Partial<PickRequest> = {}): PickRequest => ({
  job: aJob(),
  shard: 3,
  attempt: 2,
  work: aWork(),
  tried: aTried(),
  now,
  ...over,
});
const pick = (over: Partial<PickRequest> = {}) => pickPool(request(over), pools, prices);
const [az1, az2, any, onDemand] = [
  'use1-az1/g6.xlarge/spot',
  'use1-az2/g6.xlarge/spot',
  'any/g6.xlarge/spot',
  'any/g6.xlarge/on-demand',
];

describe('pickPool', () => {
  it('takes the cheapest image and says how it was found', () => {
    const found = pick();
    const seconds = 225 + 2.1 / 1.16 + 100 * (25 / 14);
    expect(found).toMatchObject({
      pool: az2,
      queue: 'spot-diffusion-use1-az2-g6-xlarge-spot',
      jobName: 'job-1-s3-a2',
      usdPerHour: 0.25,
      onDemandUsdPerHour: 0.8048,
      timeoutSeconds: Math.ceil(2 * seconds + 900),
      deadlineForcesOnDemand: false,
    });
    expect(found.ranked.map((row) => row.pool)).toEqual([az2, az1, any]);
    expect(found.expectedUsd).toBeCloseTo(
      (0.266 * (seconds + ((0.1 * seconds) / 3600) * (225 + 2.1 / 1.16))) / 3600,
      9,
    );
  });

  it('costs at worst what its whole time costs', () => {
    const { worstUsd, timeoutSeconds, expectedUsd } = pick();
    expect(worstUsd).toBeGreaterThanOrEqual((0.25 * timeoutSeconds) / 3600);
    expect(worstUsd).toBeLessThan((0.3 * (timeoutSeconds + 300)) / 3600);
    expect(worstUsd).toBeGreaterThan(expectedUsd);
  });

  it('sets aside as much as the longest attempt is settled at', () => {
    const found = pick();
    const job = { StartedAt: now, StoppedAt: now + found.timeoutSeconds * 1000 };
    const { usd } = settle(found, aVerdict({ outcome: 'WorkerLost', job }), { jobId: 'job-1', shard: 3, attempt: 2 });
    expect(usd).toBeLessThanOrEqual(found.worstUsd);
  });

  it('tries another zone when one is closed, any zone after the last, on demand as a fallback', () => {
    const fallback = aJob({ onDemand: 'fallback' });
    const without = (closedPools: readonly string[]) => pick({ job: fallback, tried: aTried({ closedPools }) }).pool;
    expect(without([az2])).toBe(az1);
    expect(without([az1, az2])).toBe(any);
    expect(without([az1, az2, any])).toBe(onDemand);
  });

  it('hands on the limits of the job, the shard and the type', () => {
    expect(pick({ job: aJob({ maxUsdPerHour: 0.27 }), tried: aTried() }).ranked.map((row) => row.pool)).toEqual([az2]);
    expect(() => pick({ tried: aTried({ vramAboveGib: 22 }) })).toThrow(NoEligiblePool);
    expect(() => pick({ instanceType: 'g5.xlarge' })).toThrow(/`sameGpu` keeps this job on g5\.xlarge/);
  });

  it('has no capacity where pools are closed and none is left', () => {
    const refused = () => pick({ tried: aTried({ closedPools: [az1, az2, any] }) });
    expect(refused).toThrow(NoSpotCapacity);
    expect(refused).toThrow(
      `No capacity for shard 3: tried ${any}, ${az1}, ${az2}. To fix: add an instance type, or set \`onDemand\` to \`fallback\`.`,
    );
  });

  it('has no capacity either where the last pools are closed for all jobs, and says until when', () => {
    const until = '2026-11-23T22:10:00.000Z';
    const refused = () =>
      pick({ tried: aTried({ closedPools: [az1] }), closedForAll: [az2, any].map((pool) => ({ pool, until })) });
    expect(refused).toThrow(NoSpotCapacity);
    expect(refused).toThrow(
      `No capacity for shard 3: tried ${az1}; ${any} is closed for all jobs until 22:10 UTC: no capacity; ` +
        `${az2} is closed for all jobs until 22:10 UTC: no capacity. To fix: add an instance type, or set`,
    );
    const all = [az1, az2, any].map((pool) => ({ pool, until }));
    expect(() => pick({ closedForAll: all })).toThrow(NoSpotCapacity);
  });

  it('has no eligible pool where none was ever open, with all reasons', () => {
    const refused = () => pick({ job: aJob({ maxUsdPerHour: 0.1 }) });
    expect(refused).toThrow(NoEligiblePool);
    expect(refused).toThrow(/^No pool can render shard 3\. any\/g6\.xlarge\/on-demand: `onDemand` is `never`; any/);
  });
});

describe('a deadline', () => {
  const { seconds } = { seconds: 225 + 2.1 / 1.16 + 100 * (25 / 14) };
  const by = (slack: number, onDemandAllowed: 'never' | 'fallback') =>
    pick({ job: aJob({ onDemand: onDemandAllowed, readyBy: new Date(now + slack * 1000).toISOString() }) });

  it('forces on demand once there is no time left for a loss', () => {
    expect(by(2 * seconds - 1, 'fallback')).toMatchObject({ pool: onDemand, deadlineForcesOnDemand: true });
    expect(by(2 * seconds - 1, 'fallback').ranked.map((row) => row.pool)).toEqual([onDemand]);
  });

  it('leaves Spot its chance while there is', () => {
    expect(by(2 * seconds + 1, 'fallback')).toMatchObject({ pool: az2, deadlineForcesOnDemand: false });
  });

  it('goes by the time of the cheapest pool, not of a slower one', () => {
    const mixed = listPools(['use1-az1'], ['g6.xlarge', 'g4dn.xlarge']);
    const rows = [aPrice({ usdPerHour: 0.2 }), aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.5 })];
    const readyBy = new Date(now + (2 * seconds + 1) * 1000).toISOString();
    const found = pickPool(request({ job: aJob({ onDemand: 'fallback', readyBy }) }), mixed, rows);
    expect(found).toMatchObject({ pool: 'use1-az1/g6.xlarge/spot', deadlineForcesOnDemand: false });
  });

  it('does not overrule `onDemand: never`', () => {
    expect(by(1, 'never')).toMatchObject({ pool: az2, deadlineForcesOnDemand: false });
  });

  it('takes Spot where on demand is closed', () => {
    const job = aJob({ onDemand: 'fallback', readyBy: startedAt });
    const found = pick({ job, tried: aTried({ closedPools: [onDemand] }) });
    expect(found).toMatchObject({ pool: az2, deadlineForcesOnDemand: false });
  });
});
