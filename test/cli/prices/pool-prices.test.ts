import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPoolPrices } from '../../../cli/prices/pool-prices.ts';
import { sparkline } from '../../../cli/prices/sparkline.ts';

const change = (at: number, usdPerHour: number, over: object = {}) => ({
  instanceType: 'g6.xlarge',
  azId: 'use1-az4',
  at,
  usdPerHour,
  ...over,
});
const period = { from: 1000, to: 2000 };

describe('what a pool cost in a period', () => {
  it('begins with the price that was in force, and takes the median of the time', () => {
    const changes = [change(1900, 9), change(500, 1), change(900, 2), change(1100, 3)];
    expect(toPoolPrices(changes, period)).toEqual([
      {
        instanceType: 'g6.xlarge',
        azId: 'use1-az4',
        now: 9,
        min: 2,
        median: 3,
        max: 9,
        points: [
          [1000, 2],
          [1100, 3],
          [1900, 9],
        ],
      },
    ]);
  });

  it('knows nothing of what comes later, and of a pool that had no price', () => {
    expect(toPoolPrices([change(2001, 9)], period)).toEqual([]);
    expect(toPoolPrices([], period)).toEqual([]);
  });

  it('keeps pools apart, in the order of their names', () => {
    const changes = [change(1, 1), change(1, 2, { azId: 'use1-az1' }), change(1, 3, { instanceType: 'g5.xlarge' })];
    expect(toPoolPrices(changes, period).map(({ instanceType, azId, now }) => [instanceType, azId, now])).toEqual([
      ['g5.xlarge', 'use1-az4', 3],
      ['g6.xlarge', 'use1-az1', 2],
      ['g6.xlarge', 'use1-az4', 1],
    ]);
  });

  it('has min <= median <= max, holds the price of now, and draws a line of the asked width, whatever the changes are', () => {
    const point = fc.record({
      at: fc.integer({ min: 0, max: 2500 }),
      usd: fc.double({ min: 0.01, max: 9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), fc.integer({ min: 1, max: 60 }), (points, width) => {
        for (const pool of toPoolPrices(
          points.map(({ at, usd }) => change(at, usd)),
          period,
        )) {
          expect(pool.min).toBeLessThanOrEqual(pool.median);
          expect(pool.median).toBeLessThanOrEqual(pool.max);
          expect(pool.points.at(-1)?.[1]).toBe(pool.now);
          expect(pool.points.every(([at]) => at >= period.from && at <= period.to)).toBe(true);
          expect(sparkline(pool, period, width)).toMatch(new RegExp(`^[ ▁▂▃▄▅▆▇█]{${width}}$`));
        }
      }),
    );
  });
});

describe('a sparkline', () => {
  it('goes from the lowest bar to the highest, and is level where the price is', () => {
    const points = [0, 1, 2, 3, 4, 5, 6, 7].map((step) => [1000 + step * 125, step] as const);
    expect(sparkline({ points, min: 0, max: 7 }, period, 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline({ points: [[1500, 2]], min: 2, max: 2 }, period, 4)).toBe('  ▄▄');
  });
});
