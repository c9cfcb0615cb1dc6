import { describe, expect, it } from 'vitest';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import { toRankedRow, toRankedRows } from '../../../../functions/core/pick/ranked-row.ts';
import { aQuote } from '../../../fakes/builders.ts';

const why = (over: Partial<Quote>, rank = 0, best = aQuote()) => toRankedRow(aQuote(over), rank, best).why;

describe('toRankedRows', () => {
  it('is empty without quotes', () => {
    expect(toRankedRows([])).toEqual([]);
  });

  it('says why each pool stands where it stands, in numbers that a person reads', () => {
    const best = aQuote({ usdPerHour: 0.345678, usdPerImage: 0.00041249, seconds: 431 });
    const evidence = { ...best.evidence, speed: 'published' } as const;
    const second = aQuote({ id: 'second', gpu: 'T4', usdPerImage: 0.00041249 * 1.254, evidence });
    expect(toRankedRows([best, second])).toEqual([
      {
        pool: 'use1-az1/g6.xlarge/spot',
        gpu: 'L4',
        usdPerHour: 0.3457,
        usdPerImage: 0.000412,
        minutes: 7.18,
        // 230 s to start and 300 s idle, of 731 s.
        why: 'cheapest image: boot and end are 73 % of it, speed assumed',
      },
      expect.objectContaining({
        pool: 'second',
        gpu: 'T4',
        why: '25 % dearer an image: boot and end are 73 % of it, speed published',
      }),
    ]);
  });

  it('shows five rows unless told', () => {
    const quotes = Array.from({ length: 7 }, (_, index) => aQuote({ id: `pool ${index}` }));
    expect(toRankedRows(quotes)).toHaveLength(5);
    expect(toRankedRows(quotes, 2).map((row) => row.pool)).toEqual(['pool 0', 'pool 1']);
  });
});

describe('the reason of a row', () => {
  it.each([
    // Start and idle tail are 530 s.
    [530 + 531, 'rendering is 50 % of it'],
    [530 + 529, 'boot and end are 50 % of it'],
    [10_600, 'rendering is 95 % of it'],
    [540, 'boot and end are 98 % of it'],
  ])('names what most of %i s is paid for: %s', (billed, what) => {
    expect(why({ seconds: billed - 300 })).toContain(`cheapest image: ${what}, `);
  });

  it.each([
    [0.000656, '0 % dearer an image'],
    [0.001312, '100 % dearer an image'],
    [0.000492, '25 % cheaper an image'],
  ])('compares an image of %f with the first: %s', (usdPerImage, what) => {
    expect(why({ usdPerImage }, 1)).toContain(what);
    expect(why({ usdPerImage }, 1)).not.toContain('-');
  });

  it('tells how often it was lost where that was measured', () => {
    const { evidence } = aQuote();
    expect(why({ lossesPerHour: 0.125, evidence: { ...evidence, losses: 'measured' } })).toMatch(
      /, speed assumed, 0\.13 losses\/h measured$/,
    );
    expect(why({ evidence: { ...evidence, losses: 'published' } })).toMatch(/, speed assumed$/);
  });
});
