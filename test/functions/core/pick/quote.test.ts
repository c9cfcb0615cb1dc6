import { describe, expect, it } from 'vitest';
import type { PoolRecord } from '../../../../functions/core/learn/learned.ts';
import type { Outlook } from '../../../../functions/core/market/outlook.ts';
import type { Pool } from '../../../../functions/core/market/pools.ts';
import { bootSeconds } from '../../../../functions/core/pick/around-container.ts';
import { extrasUsdPerHour, requestsUsdPerImage } from '../../../../functions/core/pick/cost-model.ts';
import { isRejected, quoteWork } from '../../../../functions/core/pick/quote.ts';
import { aBigRecipe, aPrice, aWork, outlookOf } from '../../../fakes/builders.ts';

const spot: Pool = { azId: 'use1-az1', instanceType: 'g6.xlarge', market: 'spot' };
const onDemand: Pool = { azId: 'any', instanceType: 'g6.xlarge', market: 'on-demand' };
const anyZone: Pool = { azId: 'any', instanceType: 'g6.xlarge', market: 'spot' };

const quote = (images = 100, pool = spot, over: Partial<Outlook> = {}) => {
  const found = quoteWork(aWork({ images }), pool, outlookOf({ spotPrices: [aPrice()], ...over }));
  if (isRejected(found)) throw new Error(`Expected a quote, got: ${found.reason}`);
  return found;
};
const verdict = (over: Partial<Outlook>, pool = spot) => quoteWork(aWork(), pool, outlookOf(over));

// 25 steps at 14 steps/s; 2.1 GiB of weights at 1.16 GiB/s after 15 s of imports.
const start = bootSeconds + 15 + 2.1 / 1.16;
const perImage = 25 / 14;

describe('what work costs in a pool', () => {
  it('takes a start and the images', () => {
    const found = quote();
    expect(found).toMatchObject({ bootSeconds: 210, idleSeconds: 300 });
    expect(found.secondsPerImage).toBeCloseTo(perImage, 9);
    expect(found.startSeconds).toBeCloseTo(start, 9);
    expect(found.seconds).toBeCloseTo(start + 100 * perImage, 9);
  });

  it('pays for instance, volume and address until the instance is gone, and for the requests', () => {
    const found = quote();
    // What is lost in the first hour is not billed.
    const billed = start + 100 * perImage + 300;
    expect(found.usd).toBeCloseTo((0.316 * billed) / 3600 + 100 * requestsUsdPerImage, 9);
    expect(found.usdPerImage).toBeCloseTo(found.usd / 100, 12);
  });

  it('expects 0.3 losses an hour, each a second attempt', () => {
    const found = quote();
    expect(found).toMatchObject({ lossesPerHour: 0.3, refusalChance: 0 });
    expect(found.expectedSeconds).toBeGreaterThan(found.seconds);
  });

  it('expects no loss on demand', () => {
    const found = quote(5000, onDemand);
    expect(found).toMatchObject({ lossesPerHour: 0, usdPerHour: 0.8048 });
    expect(found.expectedSeconds).toBe(found.seconds);
    const usd = ((0.8048 + extrasUsdPerHour) * (found.seconds + 300)) / 3600;
    expect(found.usd).toBeCloseTo(usd + 5000 * requestsUsdPerImage, 9);
  });

  it('names its pool, GPU, prices and evidence', () => {
    expect(quote(1)).toMatchObject({
      pool: spot,
      id: 'use1-az1/g6.xlarge/spot',
      gpu: 'L4',
      usdPerHour: 0.3,
      onDemandUsdPerHour: 0.8048,
      evidence: { speed: 'assumed', start: 'assumed', losses: 'assumed' },
    });
  });

  it('grows with the images, and never grows dearer per image in the first hour', () => {
    const found = [1, 2, 10, 100, 1000, 1800].map((images) => quote(images));
    const each = found.map(({ usdPerImage }) => usdPerImage);
    const all = found.map(({ usd }) => usd);
    expect(each).toEqual(each.toSorted((a, b) => b - a));
    expect(all).toEqual(all.toSorted((a, b) => a - b));
  });
});

describe('the price of a pool', () => {
  const elsewhere = [
    aPrice({ azId: 'use1-az2', usdPerHour: 0.5 }),
    aPrice({ azId: 'use1-az3', usdPerHour: 0.4 }),
    aPrice({ instanceType: 'g5.xlarge', usdPerHour: 9 }),
  ];

  it('is that of its zone and type; in any zone that of the dearest, which AWS may choose', () => {
    const spotPrices = [...elsewhere, aPrice()];
    expect(quote(1, spot, { spotPrices }).usdPerHour).toBe(0.3);
    expect(quote(1, anyZone, { spotPrices }).usdPerHour).toBe(0.5);
  });

  it('is the dearer of two rows of one pool', () => {
    expect(quote(1, spot, { spotPrices: [aPrice(), aPrice({ usdPerHour: 0.35 }), aPrice()] }).usdPerHour).toBe(0.35);
  });

  it.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY, '0.29', 'abc', '', undefined, null])('is not `%s`', (junk) => {
    const row = aPrice({ usdPerHour: junk as number });
    const none = { kind: 'price', reason: 'no Spot price: not offered in this zone' };
    expect(verdict({ spotPrices: [row] })).toEqual(none);
    expect(verdict({ spotPrices: [row, ...elsewhere] })).toEqual(none);
    expect(quote(1, spot, { spotPrices: [row, aPrice()] }).usdPerHour).toBe(0.3);
    expect(quote(1, anyZone, { spotPrices: [row, ...elsewhere] }).usdPerHour).toBe(0.5);
    const listed = [{ instanceType: 'g6.xlarge', usdPerHour: junk as number }];
    expect(verdict({ onDemandPrices: listed }, onDemand)).toEqual({
      kind: 'price',
      reason: 'no on-demand price is known',
    });
  });

  it('is compared with itself where nobody knows the on-demand price', () => {
    const other = [{ instanceType: 'g5.xlarge', usdPerHour: 9 }];
    expect(quote(1, spot, { onDemandPrices: other }).onDemandUsdPerHour).toBe(0.3);
  });
});

describe('what was learned of a pool', () => {
  const record = (over: Partial<PoolRecord> = {}): PoolRecord => ({
    pool: 'use1-az1/g6.xlarge/spot',
    hours: 5,
    losses: 1,
    refusals: 1,
    successes: 3,
    bootSeconds: 100,
    ...over,
  });
  const learned = (over: Partial<PoolRecord> = {}) => quote(100, spot, { records: [record(over)] });

  it('is weighed against the assumption, which counts as one attempt', () => {
    // (4 x 100 + 210) / 5: four attempts came to a start. Nobody sees how long an instance idles.
    const found = learned();
    expect(found).toMatchObject({ bootSeconds: 122, idleSeconds: 300 });
    expect(found.startSeconds).toBeCloseTo(122 + start - 210, 9);
    // (1 + 5 x 0.3) / (5 + 5) and 1 of 1 + 3 + 1
    expect(found).toMatchObject({ lossesPerHour: 0.25, refusalChance: 0.2 });
    expect(found.evidence).toEqual({ speed: 'assumed', start: 'measured', losses: 'measured' });
  });

  it('is of its own pool', () => {
    expect(learned({ pool: 'use1-az2/g6.xlarge/spot' })).toEqual(quote());
  });

  it.each([
    ['no start was seen', { bootSeconds: undefined }, 'assumed'],
    ['less than one attempt is left of it', { successes: 0.5, losses: 0 }, 'assumed'],
    ['one attempt is left of it', { successes: 0.5, losses: 0.5 }, 'measured'],
  ] as const)('is evidence of the start or not: %s', (_, over, evidence) => {
    expect(learned(over).evidence.start).toBe(evidence);
  });

  it.each([
    ['no number of attempts', { successes: Number.NaN, losses: Number.NaN, hours: Number.NaN, refusals: Number.NaN }],
    ['counts below 0', { successes: -3, losses: -1, hours: -2, refusals: -1 }],
    ['no counts', { successes: undefined, losses: undefined, hours: undefined, refusals: undefined } as never],
    ['infinite counts', { successes: Number.POSITIVE_INFINITY, losses: Number.POSITIVE_INFINITY }],
  ])('is nothing in a ledger written by an older version: %s', (_, over) => {
    expect(learned(over)).toEqual(quote());
  });

  it.each([Number.NaN, -100, Number.POSITIVE_INFINITY, '100'])('keeps the assumption for a start of `%s`', (junk) => {
    expect(learned({ bootSeconds: junk as number }).bootSeconds).toBe(210);
  });
});

describe('an instance that idles in the pool', () => {
  const id = 'use1-az1/g6.xlarge/spot';
  const warm = (secondsLeft: number, pool = id) => quote(100, spot, { idle: [{ pool, secondsLeft }] });

  it('starts in 10 s, and of its idle seconds those are paid that it would have had', () => {
    const found = warm(120);
    expect(found).toMatchObject({ warm: true, bootSeconds: 10, idleSeconds: 180 });
    expect(found.startSeconds).toBeCloseTo(start - 200, 9);
    const billed = start - 200 + 100 * perImage + 180;
    expect(found.usd).toBeCloseTo((0.316 * billed) / 3600 + 100 * requestsUsdPerImage, 9);
  });

  it('has the figures of an instance of its own beside', () => {
    expect(warm(120)).toMatchObject({ coldBootSeconds: 210, coldIdleSeconds: 300 });
    expect(quote()).toMatchObject({ warm: false, coldBootSeconds: 210, coldIdleSeconds: 300 });
  });

  it('is of several the one that is gone first, as the slot takes it', () => {
    const idle = [250, 90, 120].map((secondsLeft) => ({ pool: id, secondsLeft }));
    expect(quote(100, spot, { idle })).toEqual(warm(90));
  });

  it('is never paid to be used', () => {
    expect(warm(4000).idleSeconds).toBe(0);
  });

  it('starts no later than an instance of its own', () => {
    const records = [{ pool: id, hours: 1, losses: 0, refusals: 0, successes: 999, bootSeconds: 4 }];
    const idle = [{ pool: id, secondsLeft: 100 }];
    expect(quote(1, spot, { records, idle }).bootSeconds).toBeCloseTo(4.2, 1);
  });

  it('is of use in its own pool alone', () => {
    expect(warm(120, 'use1-az2/g6.xlarge/spot')).toEqual(quote());
  });
});

describe('what can’t be quoted', () => {
  it('is a model that nobody knows', () => {
    const work = aWork({ model: 'unknown', typical: aBigRecipe({ model: 'unknown' }) });
    expect(quoteWork(work, spot, outlookOf({ spotPrices: [aPrice()] }))).toEqual({
      kind: 'unknown',
      reason: 'no throughput known for unknown on L4',
    });
  });

  it('is a type that is not in the table, and so every type of an empty one', () => {
    const unknown = { kind: 'unknown', reason: 'an instance type that is not in the table' };
    expect(verdict({ spotPrices: [aPrice()] }, { ...spot, instanceType: 'x9.large' })).toEqual(unknown);
    expect(verdict({ spotPrices: [aPrice()], types: [] })).toEqual(unknown);
  });

  it.each([
    ['a price', { spotPrices: [aPrice({ usdPerHour: 1e308 })] }],
    [
      'a boot',
      {
        spotPrices: [aPrice()],
        records: [
          { pool: 'use1-az1/g6.xlarge/spot', hours: 1, losses: 0, refusals: 0, successes: 1, bootSeconds: 1e300 },
        ],
      },
    ],
  ])('is %s with which a cost is no number', (_, over) => {
    expect(verdict(over)).toEqual({ kind: 'unknown', reason: 'what it costs is no finite number' });
  });
});
