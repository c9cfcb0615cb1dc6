import { describe, expect, it } from 'vitest';
import { measurePicks } from '../../bench/pick/measure.ts';
import type { PriceSteps } from '../../bench/replay/prices.ts';

const day = 86_400_000;
const begin = Date.parse('2023-01-01T00:00:00Z');

/** Prices that hold from a day on, over six days. */
const steps = (
  azId: string,
  instanceType: string,
  prices: readonly (readonly [day: number, usd?: number])[],
): PriceSteps => ({
  region: 'us-east-1',
  azId,
  instanceType,
  times: prices.map(([from]) => begin + from * day),
  usdPerHour: prices.map(([, usd]) => usd),
  recordedUntil: begin + 6 * day,
});

const measure = (series: readonly PriceSteps[], images = 500) =>
  measurePicks({ series, onDemandPrices: [] }, images, 1);

describe('picks over recorded prices', () => {
  it('rank by the image: for a large job the faster type, though its hour is dearer', () => {
    const { policies, worstDayOverCheapestHour } = measure([
      steps('use1-az1', 'g4dn.xlarge', [[0, 0.16]]),
      steps('use1-az1', 'g5.xlarge', [[0, 0.35]]),
    ]);
    expect(policies.ours?.regret).toBe(1);
    expect(policies['cheapest hour']?.regret).toBeGreaterThan(1.1);
    expect(worstDayOverCheapestHour).toBeLessThan(1);
  });

  it('pay the prices that come while the job runs: no policy but the oracle knows them', () => {
    // The cheaper zone turns ten times dearer after two and a half days; a T4 needs 41 hours for 20,000 images.
    const { policies } = measure(
      [
        steps('use1-az1', 'g4dn.xlarge', [
          [0, 0.1],
          [2.5, 1],
        ]),
        steps('use1-az2', 'g4dn.xlarge', [[0, 0.11]]),
      ],
      20_000,
    );
    expect(policies.ours?.regret).toBeGreaterThan(1);
    expect(policies['static best pool']?.regret).toBeLessThan(policies.ours?.regret ?? 0);
  });

  it('leave out a pool from the hour on at which its price vanishes', () => {
    const { policies } = measure([
      steps('use1-az1', 'g5.xlarge', [[0, 0.1], [2]]),
      steps('use1-az2', 'g5.xlarge', [[0, 0.4]]),
    ]);
    expect(policies.ours?.regret).toBe(1);
    expect(policies['static best pool']?.regret).toBeGreaterThan(1);
  });

  it('are the same for the same seed', () => {
    const series = ['use1-az1', 'use1-az2'].map((azId, index) => steps(azId, 'g5.xlarge', [[0, 0.3 + index / 10]]));
    expect(measure(series)).toEqual(measure(series));
  });
});
