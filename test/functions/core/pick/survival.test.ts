import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PoolRecord } from '../../../../functions/core/learn/learned.ts';
import type { AdvisorBand } from '../../../../functions/core/market/outlook.ts';
import type { Pool } from '../../../../functions/core/market/pools.ts';
import {
  assumedLossesPerHour,
  findSurvival,
  nineOfTen,
  refusalChance,
} from '../../../../functions/core/pick/survival.ts';

const pool: Pool = { azId: 'use1-az1', instanceType: 'g6.xlarge', market: 'spot' };
const id = 'use1-az1/g6.xlarge/spot';
const aPoolRecord = (over: Partial<PoolRecord> = {}): PoolRecord => ({
  pool: id,
  hours: 15,
  losses: 1,
  refusals: 0,
  successes: 4,
  ...over,
});
const survive = (records: readonly PoolRecord[] = [], advisor: readonly AdvisorBand[] = [], of = pool) =>
  findSurvival(of, { records, advisor });

describe('how often EC2 takes an instance back', () => {
  it('is assumed where nothing is known: the geometric mean of five recorded zones', () => {
    expect(survive()).toEqual({ lossesPerHour: 0.3, evidence: 'assumed' });
    expect((0.1 * 0.15 * 0.16 * 0.67 * 1.39) ** (1 / 5)).toBeCloseTo(assumedLossesPerHour, 1);
  });

  it.each([
    // 0.3 x ln(1 - share) / ln(1 - 0.125)
    [0, 0.0569],
    [1, 0.1752],
    [2, 0.3],
    [3, 0.4322],
    [4, 0.6463],
  ] as const)('is in proportion to the advisor’s band %i: %f per hour', (band, lossesPerHour) => {
    expect(survive([], [{ instanceType: 'g6.xlarge', band }])).toEqual({
      lossesPerHour: expect.closeTo(lossesPerHour, 4),
      evidence: 'published',
    });
  });

  it('takes the band of its own type, and none that is no band', () => {
    expect(survive([], [{ instanceType: 'g5.xlarge', band: 4 }]).evidence).toBe('assumed');
    const strange = [{ instanceType: 'g6.xlarge', band: 7 as 4 }];
    expect(survive([], strange)).toEqual({ lossesPerHour: 0.3, evidence: 'assumed' });
  });

  it('is never on demand', () => {
    const onDemand: Pool = { azId: 'any', instanceType: 'g6.xlarge', market: 'on-demand' };
    const records = [aPoolRecord({ pool: 'any/g6.xlarge/on-demand', losses: 9 })];
    expect(survive(records, [], onDemand)).toEqual({ lossesPerHour: 0, evidence: 'published' });
  });

  it.each([
    // What was believed before counts as five hours: (losses + 5 x 0.3) / (hours + 5).
    [15, 1, 2.5 / 20],
    [15, 0, 1.5 / 20],
    [0, 1, 2.5 / 5],
    [995, 0, 1.5 / 1000],
    [5, 20, 21.5 / 10],
  ])('is measured after %f hours with %f losses', (hours, losses, lossesPerHour) => {
    expect(survive([aPoolRecord({ hours, losses })])).toEqual({
      lossesPerHour: expect.closeTo(lossesPerHour, 12),
      evidence: 'measured',
    });
  });

  it('weighs the ledger against the band, not against the assumption', () => {
    const { lossesPerHour } = survive([aPoolRecord()], [{ instanceType: 'g6.xlarge', band: 0 }]);
    expect(lossesPerHour).toBeCloseTo((1 + 5 * 0.0569) / 20, 4);
  });

  it('looks at its own pool alone', () => {
    const others = ['use1-az2/g6.xlarge/spot', 'use1-az1/g6.2xlarge/spot', 'any/g6.xlarge/spot'];
    expect(survive(others.map((other) => aPoolRecord({ pool: other, losses: 9 }))).evidence).toBe('assumed');
  });

  it.each([
    [{ hours: 0, losses: 0 }],
    [{ hours: Number.NaN }],
    [{ losses: Number.NaN }],
    [{ hours: -1 }],
    [{ losses: -1 }],
    [{ hours: Number.POSITIVE_INFINITY }],
    [{ hours: undefined as unknown as number }],
    [{ losses: '3' as unknown as number }],
  ])('believes no record of %j', (over) => {
    expect(survive([aPoolRecord(over)])).toEqual({ lossesPerHour: 0.3, evidence: 'assumed' });
  });

  it('rises with each loss and falls with each hour without one', () => {
    const count = fc.double({ min: 0, max: 1000, noNaN: true });
    const more = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(count, count, more, (hours, losses, by) => {
        const rate = (over: Partial<PoolRecord>) => survive([aPoolRecord({ hours, losses, ...over })]).lossesPerHour;
        expect(rate({ losses: losses + by })).toBeGreaterThan(rate({}));
        expect(rate({ hours: hours + by })).toBeLessThan(rate({}));
      }),
    );
  });
});

describe('the chance that a pool refuses', () => {
  it.each([
    [0, 0, 0],
    [0, 9, 0],
    [1, 0, 1 / 2],
    [3, 0, 3 / 4],
    [2, 7, 1 / 5],
  ])('after %f refusals and %f successes is %f', (refusals, successes, chance) => {
    expect(refusalChance(pool, [aPoolRecord({ refusals, successes })])).toBeCloseTo(chance, 12);
  });

  it.each([
    [{ refusals: Number.NaN, successes: 1 }],
    [{ refusals: -1 }],
    [{ refusals: 3, successes: Number.NaN }],
    [{ refusals: 3, successes: -4 }],
    [{ refusals: 3, pool: 'use1-az2/g6.xlarge/spot' }],
  ])('is none for a record of %j', (over) => {
    expect(refusalChance(pool, [aPoolRecord(over)])).toBe(0);
    expect(refusalChance(pool, [])).toBe(0);
  });
});

describe('nine of ten cases', () => {
  // Tables of the Poisson distribution: the first count whose cumulative probability is 0.9.
  it.each([
    [0, 0],
    [0.1, 0],
    [0.11, 1],
    [0.5, 1],
    [0.54, 2],
    [1, 2],
    [2, 4],
    [5, 8],
    [10, 14],
    [20, 26],
  ])('of %f expected events have %i at most', (expected, count) => {
    expect(nineOfTen(expected)).toBe(count);
  });

  it.each([
    [100, 113],
    [400, 426],
    [10_000, 10_129],
  ])('of %i expected events have %i at most, by the bell', (expected, count) => {
    // mean + 1.2816 standard deviations, rounded up
    expect(nineOfTen(expected)).toBe(count);
  });

  it('never falls where more are expected, and goes on smoothly where the bell begins', () => {
    const counts = Array.from({ length: 700 }, (_, tenth) => nineOfTen(tenth / 10));
    for (const [index, count] of counts.entries()) {
      const step = count - (counts[index - 1] ?? 0);
      expect(step === 0 || step === 1, `at ${index / 10}`).toBe(true);
    }
  });
});
