import { describe, expect, it } from 'vitest';
import { describeWork } from '../../../../functions/core/pick/work.ts';
import { aBigRecipe, aRecipe } from '../../../fakes/builders.ts';

describe('describeWork', () => {
  it('is nothing for no recipes or for a model that nobody knows', () => {
    expect(describeWork([])).toBeUndefined();
    expect(describeWork([aRecipe({ model: 'new' })])).toBeUndefined();
  });

  it('is the recipe itself where all are alike', () => {
    const recipe = aBigRecipe();
    expect(describeWork([recipe, recipe])).toEqual({ model: 'sd-1.5', images: 2, typical: recipe, vramGib: 3 });
  });

  it('has a typical image that takes the mean of steps times pixels', () => {
    const work = describeWork([
      aBigRecipe({ steps: 10, width: 256, height: 256 }),
      aBigRecipe({ steps: 30, width: 512, height: 768 }),
    ]);
    const { steps, width, height } = work?.typical ?? aBigRecipe();
    expect(steps).toBe(20);
    expect(steps * width * height).toBeCloseTo((10 * 256 * 256 + 30 * 512 * 768) / 2, 3);
  });

  it('needs memory for the largest image: activations grow with the pixels, weights do not', () => {
    const work = describeWork([aBigRecipe({ width: 1024, height: 1024 }), aBigRecipe()]);
    expect(work?.vramGib).toBeCloseTo(2.1 + 0.9 * 4, 9);
    expect(describeWork([aBigRecipe({ width: 256, height: 256 })])?.vramGib).toBeCloseTo(2.1 + 0.9 / 4, 9);
  });

  it('sums up as many recipes as a job may have', () => {
    expect(describeWork(Array.from({ length: 100_000 }, () => aRecipe()))?.images).toBe(100_000);
  });
});
