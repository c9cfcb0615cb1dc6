import { describe, expect, it } from 'vitest';
import { findInstanceType, type InstanceType } from '../../../functions/core/instance-types.ts';
import type { Pool } from '../../../functions/core/pools.ts';
import { bootSeconds, extrasUsdPerHour, quoteWork } from '../../../functions/core/quote.ts';
import { aBigRecipe, aWork } from '../../fakes/builders.ts';

const spot: Pool = { azId: 'use1-az1', instanceType: 'g6.xlarge', market: 'spot' };
const onDemand: Pool = { azId: 'any', instanceType: 'g6.xlarge', market: 'on-demand' };

function typeOf(name: string): InstanceType {
  const type = findInstanceType(name);
  if (!type) throw new Error(`Expected ${name} to be known`);
  return type;
}

const quote = (images: number, pool: Pool, usdPerHour: number) => {
  const found = quoteWork(aWork({ images }), pool, typeOf(pool.instanceType), usdPerHour);
  if (!found) throw new Error('Expected a quote');
  return found;
};

describe('quoteWork', () => {
  it('adds the start to the rendering', () => {
    const found = quote(100, spot, 0.3);
    // 25 steps at 14 steps/s; 2.1 GiB of weights at 1.16 GiB/s after 15 s of imports.
    expect(found.secondsPerImage).toBeCloseTo(25 / 14, 6);
    expect(found.startSeconds).toBeCloseTo(bootSeconds + 15 + 2.1 / 1.16, 6);
    expect(found.seconds).toBeCloseTo(found.startSeconds + 100 * (25 / 14), 6);
  });

  it('pays for the hours, the volume and address, and for the starts that losses repeat', () => {
    const found = quote(100, spot, 0.3);
    const losses = (0.1 * found.seconds) / 3600;
    expect(found.expectedAttempts).toBeCloseTo(1 + losses, 9);
    expect(found.usd).toBeCloseTo((0.316 * (found.seconds + losses * found.startSeconds)) / 3600, 9);
    expect(found.usdPerImage).toBeCloseTo(found.usd / 100, 12);
  });

  it('expects no loss on demand', () => {
    const found = quote(100, onDemand, 0.8048);
    expect(found.expectedAttempts).toBe(1);
    expect(found.usd).toBeCloseTo(((0.8048 + extrasUsdPerHour) * found.seconds) / 3600, 9);
  });

  it('names its pool, GPU, prices and evidence', () => {
    expect(quote(1, spot, 0.3)).toMatchObject({
      pool: spot,
      id: 'use1-az1/g6.xlarge/spot',
      gpu: 'L4',
      usdPerHour: 0.3,
      onDemandUsdPerHour: 0.8048,
      evidence: 'assumed',
    });
  });

  it('is silent where nothing is known of the model', () => {
    const work = aWork({ model: 'unknown', typical: aBigRecipe({ model: 'unknown' }) });
    expect(quoteWork(work, spot, typeOf('g6.xlarge'), 0.3)).toBeUndefined();
  });

  it('counts the start for one image, the speed for five thousand: the choice changes with the work', () => {
    const slow: Pool = { ...spot, instanceType: 'g4dn.xlarge' };
    const fast: Pool = { ...spot, instanceType: 'g6e.xlarge' };
    // 0.2 against 0.7 USD per hour: 3.5 times the price, 5.8 times the speed.
    expect(quote(1, slow, 0.2).usd).toBeLessThan(quote(1, fast, 0.7).usd);
    expect(quote(5000, slow, 0.2).usd).toBeGreaterThan(quote(5000, fast, 0.7).usd);
    const one = quote(1, slow, 0.2);
    expect(one.startSeconds / one.seconds).toBeGreaterThan(0.9);
    const many = quote(5000, fast, 0.7);
    expect(many.startSeconds / many.seconds).toBeLessThan(0.1);
  });

  it('never grows dearer per image with more images', () => {
    const costs = [1, 2, 10, 100, 1000].map((images) => quote(images, spot, 0.3).usdPerImage);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
  });
});
