import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlacementScore } from '../../../../functions/core/market/outlook.ts';
import { preferScores } from '../../../../functions/core/pick/prefer-scores.ts';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import { aQuote } from '../../../fakes/builders.ts';

const quote = (id: string, azId: string, usdPerImage: number, instanceType = id): Quote =>
  aQuote({ id, usdPerImage, pool: { azId, instanceType, market: 'spot' } });
const scores: readonly PlacementScore[] = [
  { azId: 'low', score: 1 },
  { azId: 'mid', score: 5 },
  { azId: 'high', score: 9 },
];
const ids = (quotes: readonly Quote[], known = scores) => preferScores(quotes, known).map(({ id }) => id);

describe('placement scores', () => {
  it('put the likelier zone first among pools as cheap as the cheapest, 3 % at most', () => {
    expect(ids([quote('a', 'low', 1), quote('b', 'mid', 1.02), quote('c', 'high', 1.03)])).toEqual(['c', 'b', 'a']);
    expect(ids([quote('a', 'low', 1), quote('b', 'mid', 1.02), quote('c', 'high', 1.0301)])).toEqual(['b', 'a', 'c']);
  });

  it('start anew at the cheapest of those that are dearer', () => {
    const dearer = [quote('c', 'low', 1.04), quote('d', 'high', 1.07), quote('e', 'high', 1.08)];
    expect(ids([quote('a', 'mid', 1), quote('b', 'low', 1.02), ...dearer])).toEqual(['a', 'b', 'd', 'c', 'e']);
  });

  it('keep the cheaper of two zones that score the same', () => {
    expect(ids([quote('a', 'mid', 1), quote('b', 'mid', 1.01), quote('c', 'mid', 1.02)])).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['has none', 'unknown', scores],
    ['has one that is no number', 'broken', [...scores, { azId: 'broken', score: Number.NaN }]],
  ])('count 0 for a zone that %s: it is not left out', (_, azId, known) => {
    expect(ids([quote('a', azId, 1), quote('b', 'low', 1.01), quote('c', 'mid', 1.02)], known)).toEqual([
      'c',
      'b',
      'a',
    ]);
  });

  it('change nothing where there are none', () => {
    expect(ids([quote('a', 'low', 1), quote('b', 'mid', 1), quote('c', 'high', 1)], [])).toEqual(['a', 'b', 'c']);
  });

  it('change nothing for fewer than three types: AWS scores such requests low whatever there is', () => {
    const two = [quote('a', 'low', 1, 'x'), quote('b', 'high', 1, 'y'), quote('c', 'mid', 1, 'x')];
    expect(ids(two)).toEqual(['a', 'b', 'c']);
    expect(ids([...two, quote('d', 'mid', 9, 'z')])).toEqual(['b', 'c', 'a', 'd']);
  });

  it('never leave a pool out, and never put one before another that is over 3 % cheaper', () => {
    const one = fc.record({
      azId: fc.constantFrom('low', 'mid', 'high', 'unknown'),
      instanceType: fc.constantFrom('x', 'y', 'z'),
      cents: fc.integer({ min: 100, max: 130 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (rows) => {
        const sorted = rows
          .map(({ azId, instanceType, cents }, index) => quote(`${index}`, azId, cents / 100, instanceType))
          .toSorted((a, b) => a.usdPerImage - b.usdPerImage);
        const ordered = preferScores(sorted, scores);
        expect(ordered.map(({ id }) => id).toSorted()).toEqual(sorted.map(({ id }) => id).toSorted());
        for (const [index, { usdPerImage }] of ordered.entries()) {
          const least = Math.min(...ordered.slice(index).map((later) => later.usdPerImage));
          expect(usdPerImage).toBeLessThanOrEqual(least * 1.03 + 1e-12);
        }
      }),
    );
  });
});
