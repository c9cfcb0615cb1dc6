import { describe, expect, it } from 'vitest';
import { findModel, modelIds, modelSchema } from '../../../functions/core/models.ts';

describe('the registry', () => {
  it('holds the three models', () => {
    expect(modelIds).toEqual(['tiny', 'sd-1.5', 'sdxl']);
    expect(findModel('unknown')).toBeUndefined();
    expect(findModel('__proto__')).toBeUndefined();
  });

  it.each(modelIds)('%s has defaults that it takes itself', (id) => {
    const model = findModel(id);
    if (!model) throw new Error('Expected a model');
    const { size, steps, guidance, weightsGib, vramGib } = model;
    expect(model.id).toBe(id);
    expect(size.min).toBeLessThanOrEqual(size.default);
    expect(size.default).toBeLessThanOrEqual(size.max);
    for (const side of [size.min, size.default, size.max]) expect(side % 8).toBe(0);
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThanOrEqual(150);
    expect(guidance).toBeGreaterThanOrEqual(0);
    expect(guidance).toBeLessThanOrEqual(30);
    expect(vramGib).toBeGreaterThan(weightsGib);
    expect(model.revision).toMatch(/^[0-9a-f]{12,40}$/);
  });

  it.each([
    { schedulers: [] },
    { schedulers: ['heun'] },
    { weightsGib: 0 },
    { pipeline: 'FluxPipeline' },
    { size: { default: 64, min: 64 } },
    { comment: 'x' },
  ])('refuses an entry with %j', (change) => {
    expect(modelSchema.safeParse(findModel('tiny')).success).toBe(true);
    expect(modelSchema.safeParse({ ...findModel('tiny'), ...change }).success).toBe(false);
  });
});
