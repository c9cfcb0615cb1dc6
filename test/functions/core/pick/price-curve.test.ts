import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceChange } from '../../../../functions/core/market/ports.ts';
import { parsePriceCurves, poolsWithCurves, toPriceCurves } from '../../../../functions/core/pick/price-curve.ts';

const row = (pool: string) => ({ pool, gpu: 'L4', usdPerHour: 1, usdPerImage: 1, minutes: 1, why: '' });
const pool = 'use1-az1/g6.xlarge/spot';
const change = (at: number, usdPerHour: number, over: Partial<PriceChange> = {}): PriceChange => ({
  azId: 'use1-az1',
  instanceType: 'g6.xlarge',
  usdPerHour,
  at,
  ...over,
});

describe('poolsWithCurves', () => {
  it('takes the best, the next and the dearest of those that have a Spot price of their own', () => {
    const ranked = ['a/x/spot', 'any/x/spot', 'b/x/spot', 'any/y/on-demand', 'c/x/spot', 'd/x/spot'].map(row);
    expect(poolsWithCurves(ranked)).toEqual(['a/x/spot', 'b/x/spot', 'd/x/spot']);
    expect(poolsWithCurves(ranked.slice(0, 3))).toEqual(['a/x/spot', 'b/x/spot']);
    expect(poolsWithCurves([row('any/y/on-demand')])).toEqual([]);
  });
});

describe('toPriceCurves', () => {
  const window = { from: 1000, to: 7000 };
  it('holds the changes of each pool, oldest first, the one in force at the beginning from there on', () => {
    const changes = [
      change(5000, 0.4),
      change(10, 0.3),
      change(3000, 0.35),
      change(2000, 9, { azId: 'use1-az2' }),
      change(2000, 9, { instanceType: 'g5.xlarge' }),
    ];
    expect(toPriceCurves(changes, [pool], window)).toEqual({
      version: 1,
      ...window,
      curves: [
        {
          pool,
          points: [
            [1000, 0.3],
            [3000, 0.35],
            [5000, 0.4],
          ],
        },
      ],
    });
  });

  it('keeps the price of the beginning beside a change that comes soon after it', () => {
    const changes = [change(10, 0.3), change(20, 0.31), change(1001, 0.4), change(1002, 0.41)];
    expect(toPriceCurves(changes, [pool], window).curves[0]?.points).toEqual([
      [1000, 0.31],
      [1002, 0.41],
    ]);
  });

  it('keeps the last price of each of sixty equal parts', () => {
    const changes = Array.from({ length: 590 }, (_, index) => change(1000 + index * 10 + 1, index + 1));
    const points = toPriceCurves(changes, [pool], { from: 1000, to: 6900 }).curves[0]?.points ?? [];
    expect(points).toHaveLength(59);
    expect(points.slice(0, 2)).toEqual([
      [1091, 10],
      [1191, 20],
    ]);
  });

  it('leaves out a price that is as before, what came later, and a pool without any', () => {
    const changes = [change(1000, 0.3), change(3000, 0.3), change(7000, 0.5)];
    expect(toPriceCurves(changes, [pool, 'use1-az9/g6.xlarge/spot'], window).curves).toEqual([
      { pool, points: [[1000, 0.3]] },
    ]);
  });

  it('has at most sixty points of however many changes, in order, each a price that there was', () => {
    const change_ = fc.record({
      at: fc.integer({ min: 0, max: 8000 }),
      usdPerHour: fc.double({ min: 0.01, max: 9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(change_, { maxLength: 400 }), (given) => {
        const { curves } = toPriceCurves(
          given.map(({ at, usdPerHour }) => change(at, usdPerHour)),
          [pool],
          window,
        );
        const points = curves[0]?.points ?? [];
        expect(points.length).toBeLessThanOrEqual(60);
        for (const [index, [at, usd]] of points.entries()) {
          expect(at).toBeGreaterThanOrEqual(Math.max(window.from, points[index - 1]?.[0] ?? 0));
          expect(at).toBeLessThan(window.to);
          expect(given.some(({ usdPerHour }) => usdPerHour === usd)).toBe(true);
        }
      }),
    );
  });
});

describe('parsePriceCurves', () => {
  it('reads what was written', () => {
    const curves = toPriceCurves([change(1000, 0.3)], [pool], { from: 1000, to: 7000 });
    expect(parsePriceCurves(JSON.stringify(curves))).toEqual(curves);
  });

  it.each([undefined, '', 'null', '{"version":', '{"version":2}'])('knows none from %j', (text) => {
    expect(parsePriceCurves(text)).toBeUndefined();
  });
});
