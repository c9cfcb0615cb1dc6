import { describe, expect, it } from 'vitest';
import { toRankedRows } from '../../../functions/core/ranked-row.ts';
import { aQuote } from '../../fakes/builders.ts';

describe('toRankedRows', () => {
  it('is empty without quotes', () => {
    expect(toRankedRows([])).toEqual([]);
  });

  it('says why each pool stands where it stands, in numbers that a person reads', () => {
    const best = aQuote({ usdPerHour: 0.345678, usdPerImage: 0.00041249, seconds: 431 });
    const second = aQuote({ id: 'second', gpu: 'T4', usdPerImage: 0.00041249 * 1.254, evidence: 'published' });
    expect(toRankedRows([best, second])).toEqual([
      {
        pool: 'use1-az1/g6.xlarge/spot',
        gpu: 'L4',
        usdPerHour: 0.3457,
        usdPerImage: 0.000412,
        minutes: 7.18,
        why: 'cheapest image (speed assumed)',
      },
      expect.objectContaining({ pool: 'second', gpu: 'T4', why: '25 % dearer an image (speed published)' }),
    ]);
  });

  it('shows five rows unless told', () => {
    const quotes = Array.from({ length: 7 }, (_, index) => aQuote({ id: `pool ${index}` }));
    expect(toRankedRows(quotes)).toHaveLength(5);
    expect(toRankedRows(quotes, 2).map((row) => row.pool)).toEqual(['pool 0', 'pool 1']);
  });

  it('does not call the pool of a later tier dearer by less than nothing', () => {
    const [, second] = toRankedRows([aQuote({ usdPerImage: 0.0004 }), aQuote({ usdPerImage: 0.0003 })]);
    expect(second?.why).not.toContain('-25 % dearer');
  });
});
