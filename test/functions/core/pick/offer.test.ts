import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastUsd, offerWithin } from '../../../../functions/core/pick/offer.ts';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import { aQuote } from '../../../fakes/builders.ts';

/** With volume and address 0.0001 USD a second. 210 s of boot, 20 s of loading, 100 images of 2 s, 300 s idle. */
const aPool = (over: Partial<Quote> = {}) => aQuote({ usdPerHour: 0.344, ...over });
const requests = (images: number) => images * 0.000015;

describe('the time of an attempt', () => {
  it('is twice the quote and a quarter of an hour, where money is no limit', () => {
    // Billed around the container: 210 s of boot and 300 s idle.
    expect(offerWithin([aPool()], 100)).toEqual({
      quote: aPool(),
      timeoutSeconds: 2 * 430 + 900,
      worstUsd: expect.closeTo(0.0001 * (1760 + 510) + requests(100), 12),
      budgetLimited: false,
    });
  });

  it('is a whole number of seconds', () => {
    expect(offerWithin([aPool({ seconds: 430.2 })], 100)?.timeoutSeconds).toBe(1761);
  });

  it('is not cut while the worst case fits', () => {
    expect(offerWithin([aPool()], 100, 0.2286)?.budgetLimited).toBe(false);
    expect(offerWithin([aPool()], 100, 0.2284)?.budgetLimited).toBe(true);
  });

  it('is as long as the budget pays for at worst', () => {
    // (0.20005 - 0.0015) / 0.0001 = 1985.5 s, of which 510 around the container.
    expect(offerWithin([aPool()], 100, 0.20005)).toEqual({
      quote: aPool(),
      timeoutSeconds: 1475,
      worstUsd: expect.closeTo(0.2, 12),
      budgetLimited: true,
    });
  });

  it('counts a boot of 210 s at least, and a longer one where it was measured', () => {
    const worst = (coldBootSeconds: number) => offerWithin([aPool({ coldBootSeconds })], 100)?.worstUsd ?? 0;
    expect(worst(100)).toBeCloseTo(worst(210), 12);
    expect(worst(400)).toBeCloseTo(worst(210) + 0.019, 12);
  });

  it('counts a boot and an idle tail even where an instance idles: it may be gone by then', () => {
    const warm = aPool({ warm: true, bootSeconds: 10, startSeconds: 30, idleSeconds: 40, seconds: 230 });
    expect(offerWithin([warm], 100)?.worstUsd).toBeCloseTo(0.0001 * (2 * 230 + 900 + 510) + requests(100), 12);
  });
});

describe('the least that an attempt may cost', () => {
  it('is the start and one image', () => {
    // 20 s of loading and 100 s for an image, 510 s around it.
    expect(leastUsd(aPool({ secondsPerImage: 100 }), 10)).toBeCloseTo(0.063 + requests(10), 12);
  });

  it('is a minute of the container at least: Batch takes no shorter limit', () => {
    expect(leastUsd(aPool(), 10)).toBeCloseTo(0.057 + requests(10), 12);
  });

  it.each([
    ['one image', 100, 0.0632, 120],
    ['a minute', 2, 0.0572, 60],
  ])('pays for %s, and two seconds less for nothing', (_, secondsPerImage, leftUsd, timeoutSeconds) => {
    const pool = aPool({ secondsPerImage, seconds: 230 + 10 * secondsPerImage });
    expect(offerWithin([pool], 10, leftUsd)).toMatchObject({ timeoutSeconds, budgetLimited: true });
    expect(offerWithin([pool], 10, leftUsd - 0.0002)).toBeUndefined();
  });
});

describe('the pool of an offer', () => {
  const first = aPool({ id: 'first' });
  const dear = aPool({ id: 'dear', usdPerHour: 0.704 });
  const fast = aPool({ id: 'fast', secondsPerImage: 0.5, seconds: 280 });
  const ids = (quotes: readonly Quote[], leftUsd?: number) => offerWithin(quotes, 100, leftUsd)?.quote.id;

  it('is the first without a limit', () => {
    expect(ids([first, dear, fast])).toBe('first');
    expect(ids([dear, first, fast])).toBe('dear');
    expect(ids([])).toBeUndefined();
  });

  it('is the first whose time pays for all images, however short it is cut', () => {
    // 220 s in the container: all 100 images of `first` and `fast`.
    expect(ids([first, fast], 0.0001 * 735 + requests(100))).toBe('first');
    expect(ids([dear, first], 0.0001 * 735 + requests(100))).toBe('first');
  });

  it('is the one with the most images where none finishes all', () => {
    // 100 s in the container: 40 images at 2 s, 100 at 0.5 s.
    expect(ids([first, fast], 0.0001 * 615 + requests(100))).toBe('fast');
    // 60 s: 20 images at 2 s, 80 at 0.5 s.
    expect(ids([first, fast], 0.0001 * 572 + requests(100))).toBe('fast');
  });

  it('is none where no pool finishes an image', () => {
    expect(ids([first, dear, fast], 0.05)).toBeUndefined();
    expect(ids([first, dear, fast], 0)).toBeUndefined();
  });
});

describe('for any pools and budget', () => {
  const quote = fc
    .record({
      usdPerHour: fc.double({ min: 0.05, max: 10, noNaN: true }),
      secondsPerImage: fc.double({ min: 0.01, max: 300, noNaN: true }),
      bootSeconds: fc.double({ min: 30, max: 900, noNaN: true }),
      loadSeconds: fc.double({ min: 1, max: 300, noNaN: true }),
      idleSeconds: fc.double({ min: 0, max: 900, noNaN: true }),
    })
    .map(({ loadSeconds, ...over }) => {
      const startSeconds = over.bootSeconds + loadSeconds;
      const cold = { coldBootSeconds: over.bootSeconds, coldIdleSeconds: over.idleSeconds };
      return aQuote({ ...over, ...cold, startSeconds, seconds: startSeconds + 50 * over.secondsPerImage });
    });
  const quotes = fc.array(quote, { minLength: 1, maxLength: 6 });
  const budget = fc.double({ min: 0, max: 3, noNaN: true });

  it('the worst case fits what is left, and pays for an image', () => {
    fc.assert(
      fc.property(quotes, budget, (given, leftUsd) => {
        const offer = offerWithin(given, 50, leftUsd);
        if (!offer) return;
        const { timeoutSeconds } = offer;
        expect(offer.worstUsd).toBeLessThanOrEqual(leftUsd + 1e-12);
        expect(offer.worstUsd).toBeGreaterThanOrEqual(leastUsd(offer.quote, 50) - 1e-4);
        expect(Number.isInteger(timeoutSeconds) && timeoutSeconds >= 60).toBe(true);
        const { startSeconds, bootSeconds, secondsPerImage, seconds } = offer.quote;
        expect(timeoutSeconds).toBeGreaterThanOrEqual(startSeconds - bootSeconds + secondsPerImage);
        expect(timeoutSeconds).toBeLessThanOrEqual(Math.ceil(2 * seconds + 900));
      }),
    );
  });

  it('there is an offer wherever the least of a pool fits', () => {
    fc.assert(
      fc.property(quotes, budget, (given, leftUsd) => {
        const fits = given.some((pool) => leastUsd(pool, 50) + 1e-9 <= leftUsd);
        const refused = given.every((pool) => leastUsd(pool, 50) > leftUsd + 1e-9);
        const offer = offerWithin(given, 50, leftUsd);
        if (fits) expect(offer).toBeDefined();
        if (refused) expect(offer).toBeUndefined();
      }),
    );
  });
});
