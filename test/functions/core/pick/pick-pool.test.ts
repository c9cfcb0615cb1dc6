import { describe, expect, it } from 'vitest';
import { BudgetExceeded, NoEligiblePool, NoSpotCapacity } from '../../../../functions/core/errors.ts';
import { listPools } from '../../../../functions/core/market/pools.ts';
import { type PickRequest, pickPool } from '../../../../functions/core/pick/pick-pool.ts';
import { quoteWork } from '../../../../functions/core/pick/quote.ts';
import { settle } from '../../../../functions/core/settle/settlement.ts';
import { aJob, aPrice, aTried, aVerdict, aWork, outlookOf, startedAt } from '../../../fakes/builders.ts';

const pools = listPools(['use1-az1', 'use1-az2'], ['g6.xlarge']);
const prices = [aPrice({ usdPerHour: 0.3 }), aPrice({ azId: 'use1-az2', usdPerHour: 0.25 })];
const now = Date.parse(startedAt);
const request = (over: Partial<PickRequest> = {}): PickRequest => ({
  job: aJob(),
  shard: 3,
  attempt: 2,
  work: aWork(),
  tried: aTried(),
  outlook: outlookOf({ spotPrices: prices }),
  now,
  ...over,
});
const pick = (over: Partial<PickRequest> = {}) => pickPool(request(over), pools);
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
    const quote = quoteWork(
      aWork(),
      { azId: 'use1-az2', instanceType: 'g6.xlarge', market: 'spot' },
      request().outlook,
    );
    expect(quote).toMatchObject({ usd: found.expectedUsd });
  });

  it.each([
    ['g6.xlarge', 16 * 896],
    ['g6e.xlarge', 32 * 896],
  ])('leaves a container of %s seven eighths of its memory: %i MiB', (instanceType, memoryMib) => {
    const outlook = outlookOf({ spotPrices: [aPrice({ instanceType })] });
    expect(pickPool(request({ outlook }), listPools(['use1-az1'], [instanceType])).memoryMib).toBe(memoryMib);
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
    const closed = (pool: string) => ({ pool, until: '2026-11-23T22:10:00.000Z' });
    const refused = () =>
      pick({
        tried: aTried({ closedPools: [az1] }),
        outlook: outlookOf({ spotPrices: prices, closedForAll: [az2, any].map(closed) }),
      });
    expect(refused).toThrow(NoSpotCapacity);
    expect(refused).toThrow(
      `No capacity for shard 3: tried ${az1}; ${any} is closed for all jobs until 22:10 UTC: no capacity; ` +
        `${az2} is closed for all jobs until 22:10 UTC: no capacity. To fix: add an instance type, or set`,
    );
    const all = outlookOf({ spotPrices: prices, closedForAll: [az1, az2, any].map(closed) });
    expect(() => pick({ outlook: all })).toThrow(NoSpotCapacity);
  });

  it('does not advise to allow on demand where it is allowed', () => {
    const job = aJob({ onDemand: 'fallback' });
    const tried = aTried({ closedPools: [az1, az2, any, onDemand] });
    expect(() => pick({ job, tried })).toThrow(/ To fix: add an instance type\.$/);
  });

  it('calls the quota full only where that alone keeps it from each pool', () => {
    const quotas = [{ code: 'L-3819A6DF', name: 'Spot', have: 4, used: 4 }];
    const outlook = outlookOf({ spotPrices: prices, quotas });
    expect(() => pick({ outlook })).toThrow(/^The vCPU quota is full for shard 3/);
    const refused = () => pick({ outlook, tried: aTried({ closedPools: [az1] }) });
    expect(refused).toThrow(new RegExp(`^No capacity for shard 3: tried ${az1}; .*${az2}: `));
  });

  it('has no eligible pool where none was ever open, with all reasons', () => {
    const refused = () => pick({ job: aJob({ maxUsdPerHour: 0.1 }) });
    expect(refused).toThrow(NoEligiblePool);
    expect(refused).toThrow(/^No pool can render shard 3\. any\/g6\.xlarge\/on-demand: `onDemand` is `never`; any/);
  });
});

describe('a deadline', () => {
  // On demand, nine of ten: an assumed start is 1.6 times as long, an assumed speed as slow. A refusal takes ten minutes.
  const start = 1.6 * (225 + 2.1 / 1.16);
  const render = 1.6 * 100 * (25 / 14);
  const needed = start + render + 600;
  const by = (slack: number, onDemandAllowed: 'never' | 'fallback', over: Partial<PickRequest> = {}) =>
    pick({ job: aJob({ onDemand: onDemandAllowed, readyBy: new Date(now + slack * 1000).toISOString() }), ...over });

  it('forces on demand once there is no time left for a loss', () => {
    expect(by(needed - 1, 'fallback')).toMatchObject({ pool: onDemand, deadlineForcesOnDemand: true });
    expect(by(needed - 1, 'fallback').ranked.map((row) => row.pool)).toEqual([onDemand]);
    expect(by(needed - 1, 'fallback').note).toBe('on demand: `readyBy` leaves no more time for Spot');
  });

  it('is no reason for on demand where the job takes nothing else', () => {
    const job = aJob({ onDemand: 'only', readyBy: startedAt });
    expect(pick({ job })).toMatchObject({ pool: onDemand, deadlineForcesOnDemand: false, note: '' });
  });

  it('leaves Spot its chance while there is', () => {
    expect(by(needed + 1, 'fallback')).toMatchObject({ pool: az2, deadlineForcesOnDemand: false });
  });

  it('leaves time for the rounds of shards that come after this one', () => {
    const rounds = 2 * (start + render);
    expect(by(needed + rounds + 1, 'fallback', { roundsAfter: 2 }).deadlineForcesOnDemand).toBe(false);
    expect(by(needed + rounds - 1, 'fallback', { roundsAfter: 2 }).deadlineForcesOnDemand).toBe(true);
  });

  it('does not overrule `onDemand: never`', () => {
    expect(by(1, 'never')).toMatchObject({ pool: az2, deadlineForcesOnDemand: false });
  });

  it('takes Spot where on demand is closed', () => {
    const found = by(0, 'fallback', { tried: aTried({ closedPools: [onDemand] }) });
    expect(found).toMatchObject({ pool: az2, deadlineForcesOnDemand: false });
  });

  it('waits for Spot rather than to pay for on demand while it leaves time, and says so', () => {
    const tried = aTried({ closedPools: [az1, az2, any] });
    const waits = () => by(5 * needed, 'fallback', { tried });
    expect(waits).toThrow(NoSpotCapacity);
    expect(waits).toThrow(
      `No capacity for shard 3: tried ${any}, ${az1}, ${az2}. On-demand begins when \`readyBy\` leaves no more time for Spot.`,
    );
    expect(by(needed, 'fallback', { tried })).toMatchObject({ pool: onDemand, deadlineForcesOnDemand: true });
  });

  it('is not named as the reason for on demand while it is far: there is no Spot to wait for', () => {
    const found = by(1e6, 'fallback', { outlook: outlookOf({ spotPrices: [] }) });
    expect(found).toMatchObject({ pool: onDemand, deadlineForcesOnDemand: false, note: '' });
  });

  it('waits for a full quota no longer than for capacity', () => {
    const quotas = [{ code: 'L-3819A6DF', name: 'G Spot', have: 4, used: 4 }];
    const full = { outlook: outlookOf({ spotPrices: prices, quotas }) };
    expect(() => by(5 * needed, 'fallback', full)).toThrow(
      /^No capacity for shard 3: any.*have 4 vCPUs, 4 used, need 4/,
    );
    expect(by(needed, 'fallback', full)).toMatchObject({ pool: onDemand });
    expect(() => by(5 * needed, 'never', full)).toThrow(/^The vCPU quota is full for shard 3/);
  });
});

describe('a pilot', () => {
  const mixed = listPools(['use1-az1'], ['g6.xlarge', 'g4dn.xlarge']);
  const rows = [aPrice({ usdPerHour: 0.2 }), aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.5 })];
  const outlook = outlookOf({ spotPrices: rows });
  const lent = (over: Partial<PickRequest> = {}) =>
    pickPool(request({ outlook, work: aWork({ images: 16 }), pilotType: 'g4dn.xlarge', ...over }), mixed);

  it('goes to the type that it is lent to, though another is cheaper', () => {
    expect(lent()).toMatchObject({
      pool: 'use1-az1/g4dn.xlarge/spot',
      pilot: true,
      note: 'a pilot: finds out how fast this type is',
    });
    expect(lent().ranked[0]?.pool).toBe('use1-az1/g6.xlarge/spot');
    expect(lent({ pilotType: undefined })).toMatchObject({ pool: 'use1-az1/g6.xlarge/spot', pilot: false });
  });

  it('whose time the budget cuts says both', () => {
    const { worstUsd } = lent();
    expect(lent({ leftUsd: worstUsd * 0.9 }).note).toMatch(
      /^a pilot: finds out how fast this type is; `maxUsd` leaves it/,
    );
  });

  it('is none where no pool of that type is open, or the budget does not allow it', () => {
    const shut = aTried({ closedPools: ['use1-az1/g4dn.xlarge/spot', 'any/g4dn.xlarge/spot'] });
    expect(lent({ tried: shut })).toMatchObject({ pool: 'use1-az1/g6.xlarge/spot', pilot: false });
    expect(lent({ leftUsd: 0.05 })).toMatchObject({ pool: 'use1-az1/g6.xlarge/spot', pilot: false });
  });

  it('is none on demand', () => {
    const job = aJob({ onDemand: 'only' });
    expect(lent({ job })).toMatchObject({ pilot: false });
  });
});

describe('a budget', () => {
  it('is no reason to go on demand: a fallback is for want of Spot', () => {
    const job = aJob({ onDemand: 'fallback', maxUsd: 1 });
    expect(() => pick({ job, leftUsd: 0.01 })).toThrow(BudgetExceeded);
    expect(pick({ job, leftUsd: 0.05 }).pool).toBe(az2);
    const cheap = outlookOf({
      spotPrices: prices,
      onDemandPrices: [{ instanceType: 'g6.xlarge', usdPerHour: 0.001 }],
    });
    expect(() => pick({ job, leftUsd: 0.01, outlook: cheap })).toThrow(BudgetExceeded);
    expect(pick({ job: aJob({ onDemand: 'only' }), leftUsd: 0.01, outlook: cheap }).pool).toBe(onDemand);
  });

  it('cuts the time of an attempt to what is left of it', () => {
    const { worstUsd } = pick();
    const cut = pick({ leftUsd: worstUsd / 2 });
    expect(cut).toMatchObject({ pool: az2, budgetLimited: true, note: `\`maxUsd\` leaves it ${cut.timeoutSeconds} s` });
    expect(pick().note).toBe('');
    expect(cut.worstUsd).toBeLessThanOrEqual(worstUsd / 2);
    expect(pick({ leftUsd: worstUsd })).toMatchObject({ budgetLimited: false, worstUsd });
  });

  it('refuses what does not pay for a start and one image, with the numbers', () => {
    const job = aJob({ maxUsd: 1 });
    const refused = () => pick({ job, leftUsd: 0.01 });
    expect(refused).toThrow(BudgetExceeded);
    // 60 s are the shortest time of a container; 210 s of boot and 300 s of idling come to it.
    const least = (0.266 * (60 + 510)) / 3600 + (100 * 0.015) / 1000;
    expect(refused).toThrow(
      `The start and one image of shard 3 may cost up to $${least.toFixed(4)} in ${az2}, of \`maxUsd\` $1 $0.0100 are left. ` +
        'To fix: raise `maxUsd`, or send the requeue file later.',
    );
  });
});
