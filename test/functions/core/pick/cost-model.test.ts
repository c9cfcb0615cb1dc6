import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  costOf,
  extrasUsdPerHour,
  requestsUsdPerImage,
  type Terms,
  usdForSeconds,
} from '../../../../functions/core/pick/cost-model.ts';

const hour = 3600;

/** With volume and address 1 USD/h; an hour to start, 100 images in three hours. */
const aTerms = (over: Partial<Terms> = {}): Terms => ({
  usdPerHour: 1 - extrasUsdPerHour,
  lossesPerHour: 0,
  startSeconds: hour,
  images: 100,
  secondsPerImage: 108,
  idleSeconds: 0,
  ...over,
});

describe('what is billed beside the instance', () => {
  it('is a volume of 100 GiB for a month of 730 hours, and a public address', () => {
    expect(extrasUsdPerHour).toBeCloseTo((100 * 0.08) / 730 + 0.005, 3);
  });

  it('is three S3 requests an image', () => {
    expect(requestsUsdPerImage).toBeCloseTo(0.000015, 12);
  });

  it('runs by the second', () => {
    expect(usdForSeconds(0.984, 1800)).toBeCloseTo(0.5, 12);
    expect(usdForSeconds(0.984, 0)).toBe(0);
  });
});

describe('costOf without losses', () => {
  it.each([
    ['start and images', {}, 4],
    ['the idle tail as well', { idleSeconds: hour / 4 }, 4.25],
    ['twice the price', { usdPerHour: 2 - extrasUsdPerHour }, 8],
    ['a start and one image', { images: 1 }, 1.03],
  ])('pays for %s', (_, over, usd) => {
    const terms = aTerms(over);
    expect(costOf(terms).usd).toBeCloseTo(usd + terms.images * requestsUsdPerImage, 12);
  });

  it('takes the start and all images, the idle tail is nobody’s time', () => {
    expect(costOf(aTerms({ idleSeconds: 900 }))).toMatchObject({
      seconds: 4 * hour,
      expectedSeconds: 4 * hour,
    });
  });
});

describe('costOf with losses', () => {
  // exp(-L x 4 h) = 1/2
  const even = Math.log(2) / 4;
  // Lost at t, any in 4 h: of t, what is over the first hour is billed: the mean of 0 (t < 1) and t is (16 - 1) / 8.
  const billed = 1.875;
  // 4 h, less what is finished (0 before the first image, else t - 1: 9 / 8 on average), and half an image in 3 of 4 cases.
  const again = 4 - 1.125 + (0.75 * 0.03) / 2;

  it('pays in half of the cases for what is billed of the lost instance and for what is left and lost', () => {
    const { usd } = costOf(aTerms({ lossesPerHour: even }));
    const disturbed = billed * (1 - extrasUsdPerHour) + 2 * extrasUsdPerHour + again;
    expect(usd).toBeCloseTo((4 + disturbed) / 2 + 0.0015, 9);
  });

  it('pays for one idle tail: a lost instance has none', () => {
    const tail = costOf(aTerms({ lossesPerHour: even, idleSeconds: 900 })).usd;
    expect(tail - costOf(aTerms({ lossesPerHour: even })).usd).toBeCloseTo(0.25, 9);
  });

  it('takes the time until the loss, and that of the rest', () => {
    const { expectedSeconds, seconds } = costOf(aTerms({ lossesPerHour: even }));
    expect(seconds).toBe(4 * hour);
    expect(expectedSeconds).toBeCloseTo(((4 + (2 + again)) / 2) * hour, 6);
  });

  it('pays nothing for an instance that is lost in its first hour, and never less than without a loss', () => {
    const short = aTerms({ startSeconds: 200, images: 100, secondsPerImage: 10 });
    expect(costOf({ ...short, lossesPerHour: 3 }).usd).toBe(costOf(short).usd);
    expect(costOf({ ...short, lossesPerHour: 3 }).expectedSeconds).toBeGreaterThan(costOf(short).expectedSeconds);
  });

  it('pays for volume and address of an instance that is lost in its first hour', () => {
    // One image in half an hour, all of it again: the lost instance ran for half of that.
    const one = aTerms({ startSeconds: hour / 4, images: 1, secondsPerImage: hour / 4 });
    const lost = costOf({ ...one, lossesPerHour: 2 * Math.log(2) }).usd - costOf(one).usd;
    expect(lost).toBeCloseTo(0.5 * extrasUsdPerHour * 0.25, 9);
  });

  it('is the mean over every moment of a loss, image by image', () => {
    const terms = aTerms({ lossesPerHour: 0.5, startSeconds: 900, images: 40, secondsPerImage: 300, idleSeconds: 300 });
    const { usdPerHour, startSeconds, images, secondsPerImage, idleSeconds } = terms;
    const all = startSeconds + images * secondsPerImage;
    const moments = 43_000;
    let disturbed = 0;
    for (let moment = 0; moment < moments; moment++) {
      const t = ((moment + 0.5) / moments) * all;
      const finished = Math.max(0, Math.floor((t - startSeconds) / secondsPerImage));
      const rest = startSeconds + (images - finished) * secondsPerImage + idleSeconds;
      const lost = (t > hour ? usdPerHour * t : 0) + extrasUsdPerHour * t;
      disturbed += (lost + (usdPerHour + extrasUsdPerHour) * rest) / hour / moments;
    }
    const chance = 1 - Math.exp((-0.5 * all) / hour);
    const undisturbed = (all + idleSeconds) / hour;
    expect(disturbed).toBeGreaterThan(undisturbed);
    const expected = (1 - chance) * undisturbed + chance * disturbed + images * requestsUsdPerImage;
    expect(costOf(terms).usd).toBeCloseTo(expected, 3);
  });
});

describe('costOf, for any terms', () => {
  const terms = fc.record<Terms>({
    usdPerHour: fc.double({ min: 0.001, max: 10, noNaN: true }),
    lossesPerHour: fc.double({ min: 0, max: 20, noNaN: true }),
    startSeconds: fc.double({ min: 1, max: 7200, noNaN: true }),
    images: fc.integer({ min: 1, max: 20_000 }),
    secondsPerImage: fc.double({ min: 0.001, max: 500, noNaN: true }),
    idleSeconds: fc.double({ min: 0, max: 1800, noNaN: true }),
  });
  const atLeast = (more: number, less: number) => expect(more).toBeGreaterThanOrEqual(less * (1 - 1e-12));

  it.each(['usdPerHour', 'lossesPerHour', 'startSeconds', 'images', 'secondsPerImage', 'idleSeconds'] as const)(
    'never costs less nor ends sooner with more %s',
    (term) => {
      const more = fc.oneof(fc.double({ min: 1, max: 1.01, noNaN: true }), fc.double({ min: 1, max: 50, noNaN: true }));
      fc.assert(
        fc.property(terms, more, (given, factor) => {
          const grown = given[term] * factor;
          const before = costOf(given);
          const after = costOf({ ...given, [term]: term === 'images' ? Math.ceil(grown) : grown });
          atLeast(after.usd, before.usd);
          atLeast(after.seconds, before.seconds);
          atLeast(after.expectedSeconds, before.expectedSeconds);
        }),
        { numRuns: 500 },
      );
    },
  );

  it('costs at least what no loss costs, and ends at least as late', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const { usd, seconds, expectedSeconds } = costOf(given);
        atLeast(usd, costOf({ ...given, lossesPerHour: 0 }).usd);
        atLeast(expectedSeconds, seconds);
      }),
    );
  });
});
