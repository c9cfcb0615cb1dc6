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

  it('counts the steps that are drawn, in whichever order the start images come', () => {
    const start = { image: 's3://b/k', sha256: 'f'.repeat(64), strength: 0.1 };
    const plain = Array.from({ length: 9 }, (_, seed) => aBigRecipe({ seed, steps: 25 }));
    const first = describeWork([aBigRecipe({ start, steps: 25 }), ...plain]);
    // 2 of 25 steps once, all of them nine times
    expect(first?.typical).toEqual({ ...aBigRecipe(), steps: (2 + 9 * 25) / 10, height: 512, width: 512 });
    expect(describeWork([...plain, aBigRecipe({ start, steps: 25 })])).toEqual(first);
  });

  it('has LoRAs where any image has some: the worker then compiles none', () => {
    const loras = [{ name: 'ink', weight: 1 }];
    expect(describeWork([aBigRecipe(), aBigRecipe({ loras })])?.typical.loras).toEqual(loras);
    expect(describeWork([aBigRecipe({ loras }), aBigRecipe()])?.typical.loras).toEqual(loras);
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
