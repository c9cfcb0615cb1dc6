import { describe, expect, it } from 'vitest';
import { slowSeconds } from '../../../../functions/core/pick/spread.ts';
import { aQuote } from '../../../fakes/builders.ts';

const slow = (start: 'measured' | 'published' | 'assumed', speed: typeof start) =>
  slowSeconds(aQuote({ startSeconds: 100, seconds: 300, evidence: { start, speed, losses: 'measured' } }));

describe('what nine of ten attempts stay below', () => {
  it('is 1.3 times what was published and 1.6 times what was assumed, start and speed each by its own evidence', () => {
    expect(slow('assumed', 'published')).toEqual({ start: expect.closeTo(160, 9), render: expect.closeTo(260, 9) });
    expect(slow('published', 'assumed')).toEqual({ start: expect.closeTo(130, 9), render: expect.closeTo(320, 9) });
  });

  it('is what was measured, a tenth more at most', () => {
    const { start, render } = slow('measured', 'measured');
    expect(start / 100).toBeGreaterThan(1);
    expect(start / 100).toBeLessThanOrEqual(1.1 + 1e-9);
    expect(render / 200).toBeCloseTo(start / 100, 9);
  });

  it('renders a part of the images after a whole start', () => {
    const quote = aQuote({ startSeconds: 100, seconds: 300 });
    expect(slowSeconds(quote, 0.5)).toEqual({ start: expect.closeTo(160, 9), render: expect.closeTo(160, 9) });
    expect(slowSeconds(quote, 0).render).toBe(0);
  });
});
