import { describe, expect, it } from 'vitest';
import { findModel, renderedModelIds } from '../../../../functions/core/input/models.ts';
import { type Gpu, instanceTypes } from '../../../../functions/core/market/instance-types.ts';
import { secondsPerImage } from '../../../../functions/core/market/throughput.ts';
import { aBigRecipe, aRecipe } from '../../../fakes/builders.ts';

describe('secondsPerImage', () => {
  it('is steps over steps per second at the default size', () => {
    expect(secondsPerImage(aBigRecipe({ steps: 69 }), 'T4')).toEqual({ seconds: 10, evidence: 'published' });
  });

  it('grows with the steps and with the pixels', () => {
    const base = secondsPerImage(aBigRecipe(), 'A10G')?.seconds ?? 0;
    expect(secondsPerImage(aBigRecipe({ steps: 50 }), 'A10G')?.seconds).toBeCloseTo(2 * base, 9);
    expect(secondsPerImage(aBigRecipe({ width: 1024 }), 'A10G')?.seconds).toBeCloseTo(2 * base, 9);
    expect(secondsPerImage(aBigRecipe({ width: 256, height: 256 }), 'A10G')?.seconds).toBeCloseTo(base / 4, 9);
  });

  it.each([
    ['sd-1.5', 'T4', 6.9],
    ['sd-1.5', 'A10G', 19.5],
    ['sd-1.5', 'H100', 54.5],
    ['sd-1.4', 'T4', 6.9],
    ['sdxl', 'T4', 1.15],
    ['sdxl', 'H100', 14.9],
  ] as const)('holds the published speed of %s on %s: %f steps/s', (model, gpu, stepsPerSecond) => {
    const side = findModel(model)?.size.default ?? 0;
    const found = secondsPerImage(aBigRecipe({ model, steps: 100, width: side, height: side }), gpu);
    expect(found).toEqual({ seconds: expect.closeTo(100 / stepsPerSecond, 9), evidence: 'published' });
  });

  it('knows every model that the worker renders on every GPU of the table that holds it, and on no other', () => {
    for (const id of renderedModelIds) {
      const model = findModel(id);
      for (const { gpu, vramGib } of instanceTypes) {
        const recipe = aRecipe({ model: id, width: model?.size.default, height: model?.size.default });
        const holds = vramGib >= (model?.vramGib ?? 0);
        expect(secondsPerImage(recipe, gpu) !== undefined, `${id} on ${gpu}`).toBe(holds);
      }
    }
  });

  it('is faster on a faster GPU', () => {
    const order: readonly Gpu[] = ['T4', 'L4', 'A10G', 'L40S', 'RTX PRO 6000', 'H100'];
    for (const model of renderedModelIds.filter((id) => id !== 'tiny')) {
      const seconds = order.flatMap((gpu) => secondsPerImage(aBigRecipe({ model }), gpu)?.seconds ?? []);
      expect(seconds).toEqual(seconds.toSorted((a, b) => b - a));
    }
  });

  it('knows nothing of a model or a GPU that is not in the table', () => {
    expect(secondsPerImage(aRecipe({ model: 'new' }), 'T4')).toBeUndefined();
    expect(secondsPerImage(aRecipe(), 'V100' as Gpu)).toBeUndefined();
  });
});
