import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import { type PlannedShards, toCost, toReady } from '../../../../functions/core/plan/plan-cost.ts';
import { aQuote } from '../../../fakes/builders.ts';

/** With volume and address 0.36 USD/h, 0.0001 USD a second; 200 s to start, 100 images of 2 s; nothing is lost. */
const planned = (shards: number, over: Partial<Quote> = {}): PlannedShards => ({
  shards,
  quote: aQuote({
    usdPerHour: 0.344,
    startSeconds: 200,
    bootSeconds: 160,
    secondsPerImage: 2,
    seconds: 400,
    expectedSeconds: 410,
    lossesPerHour: 0,
    usd: 0.07,
    evidence: { start: 'assumed', speed: 'published', losses: 'measured' },
    ...over,
  }),
});
// A published speed is 1.3 times as slow in one of ten cases, an assumed start 1.6 times as long.
const slower = 0.6 * 200 + 0.3 * 200;
const slow = 400 + slower;

describe('what a job costs', () => {
  it('is expected to be its shards', () => {
    expect(toCost([planned(10)], 10).p50).toBeCloseTo(0.7, 12);
  });

  it('is in one of ten jobs that of slow starts and slow images, in every shard', () => {
    expect(toCost([planned(10)], 10).p90).toBeCloseTo(10 * (0.07 + 0.0001 * slower), 12);
  });

  it.each([
    // Shards of 400 s: L/h x shards / 9 losses are expected; Poisson's nine of ten.
    [0.225, 4, 0],
    [0.9, 10, 2],
    [0.9, 50, 8],
  ])(
    'at %f losses per hour in %i shards holds %i more starts, with half an image each',
    (lossesPerHour, shards, losses) => {
      const cost = toCost([planned(shards, { lossesPerHour })], shards);
      expect(cost.p90).toBeCloseTo(shards * (0.07 + 0.0001 * slower) + losses * 0.0001 * 201, 12);
    },
  );

  it('adds up over the models', () => {
    const other = planned(3, { usd: 1 });
    const [one, two, both] = [[planned(10)], [other], [planned(10), other]].map((models) => toCost(models, 40));
    expect(both?.p50).toBeCloseTo((one?.p50 ?? 0) + (two?.p50 ?? 0), 12);
    expect(both?.p90).toBeCloseTo((one?.p90 ?? 0) + (two?.p90 ?? 0), 12);
  });
});

describe('a shard that follows another on its instance', () => {
  // 10 s instead of 160 s of boot, and the 300 s idle come once, after the last one.
  const saved = 0.0001 * (150 + 300);

  it.each([
    [40, 0],
    [10, 0],
    [9, 1],
    [4, 6],
    [1, 9],
  ])('pays neither for a boot nor for an idle tail: of ten shards, %i at once, %i follow', (concurrency, follow) => {
    const cost = toCost([planned(10)], concurrency);
    expect(cost.p50).toBeCloseTo(0.7 - follow * saved, 12);
    expect(cost.p90).toBeCloseTo(0.7 - follow * saved + 0.0001 * 10 * slower, 12);
  });

  it('saves no boot where an instance boots in less', () => {
    const quick = [planned(2, { bootSeconds: 5 })];
    expect(toCost(quick, 1).p50).toBeCloseTo(0.14 - 0.0001 * 300, 12);
    expect(toReady(quick, 1).p50).toBe(820);
  });
});

describe('when a job is ready', () => {
  it.each([
    [1, 1, 1],
    [4, 4, 1],
    [5, 4, 2],
    [8, 4, 2],
    [9, 4, 3],
  ])('%i shards, %i at once, are %i rounds, of which the first one boots', (shards, concurrency, rounds) => {
    expect(toReady([planned(shards)], concurrency)).toEqual({
      p50: 410 + (rounds - 1) * 260,
      p90: expect.closeTo(slow + (rounds - 1) * (slow - 150), 9),
    });
  });

  it('takes as long as the longest shard in each round of a mixed job', () => {
    const long = planned(3, { seconds: 600, expectedSeconds: 620 });
    // 7 shards, 4 at once; 400 s of rendering are 520.
    const longest = 1.6 * 200 + 1.3 * 400;
    const ready = { p50: 620 + 470, p90: expect.closeTo(longest + longest - 150, 9) };
    expect(toReady([planned(4), long], 4)).toEqual(ready);
    expect(toReady([long, planned(4)], 4)).toEqual(ready);
  });

  it('meets a loss once where one in ten jobs does: a start and an image', () => {
    const ready = (lossesPerHour: number) => toReady([planned(1, { lossesPerHour })], 1).p90;
    // 400 s: 0.9/h are 0.1 losses, none in 90.5 % of the jobs; 1/h are 0.111, none in 89.5 %.
    expect(ready(0.9)).toBeCloseTo(slow, 9);
    expect(ready(1)).toBeCloseTo(slow + 202, 9);
  });

  it('meets a refusal once where one in ten jobs does: ten minutes', () => {
    const ready = (refusalChance: number) => toReady([planned(1, { refusalChance })], 1).p90;
    expect(ready(0.09)).toBeCloseTo(slow, 9);
    expect(ready(0.1)).toBeCloseTo(slow + 600, 9);
    expect(toReady([planned(1, { refusalChance: 0.1, lossesPerHour: 1 })], 1).p90).toBeCloseTo(slow + 202 + 600, 9);
  });

  it('meets the worse mishap of two models', () => {
    const bad = planned(1, { refusalChance: 0.5 });
    expect(toReady([planned(1), bad], 2).p90).toBeCloseTo(slow + 600, 9);
    expect(toReady([bad, planned(1)], 2).p90).toBeCloseTo(slow + 600, 9);
  });

  it('is never sooner in bad luck than expected', () => {
    expect(toReady([planned(3, { expectedSeconds: 5000 })], 1)).toEqual({ p50: 14_700, p90: 14_700 });
  });
});

describe('for any shards', () => {
  const evidence = fc.constantFrom('measured', 'published', 'assumed');
  const model = fc
    .record({
      shards: fc.integer({ min: 1, max: 200 }),
      startSeconds: fc.double({ min: 10, max: 2000, noNaN: true }),
      renderSeconds: fc.double({ min: 1, max: 20_000, noNaN: true }),
      lossesPerHour: fc.double({ min: 0, max: 5, noNaN: true }),
      refusalChance: fc.double({ min: 0, max: 1, noNaN: true }),
      evidence: fc.record({ speed: evidence, start: evidence, losses: evidence }),
    })
    .map(({ shards, startSeconds, renderSeconds, ...over }) => {
      const seconds = startSeconds + renderSeconds;
      const usd = (0.36 * (seconds + 300)) / 3600;
      const bootSeconds = startSeconds / 2;
      return planned(shards, { usd, bootSeconds, startSeconds, seconds, expectedSeconds: 1.1 * seconds, ...over });
    });
  const concurrency = fc.integer({ min: 1, max: 40 });

  it('the ninth of ten jobs costs as much and takes as long as the expected one at least', () => {
    fc.assert(
      fc.property(fc.array(model, { minLength: 1, maxLength: 4 }), concurrency, (models, atOnce) => {
        const [cost, ready] = [toCost(models, atOnce), toReady(models, atOnce)];
        expect(cost.p50).toBeGreaterThan(0);
        expect(cost.p90).toBeGreaterThanOrEqual(cost.p50);
        expect(ready.p90).toBeGreaterThanOrEqual(ready.p50);
        const faster = toReady(models, atOnce + 1);
        expect(faster.p50).toBeLessThanOrEqual(ready.p50);
        expect(faster.p90).toBeLessThanOrEqual(ready.p90);
      }),
    );
  });
});
