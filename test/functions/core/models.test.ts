import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findModel, modelIds, modelSchema, renderedModelIds } from '../../../functions/core/models.ts';

describe('the registry', () => {
  it('holds the models that can be imported and says which of them the worker renders', () => {
    expect(renderedModelIds).toEqual(['tiny', 'sd-1.4', 'sd-1.5', 'sdxl']);
    expect(modelIds).toEqual([...renderedModelIds, 'sd-3.5-medium', 'flux-schnell', 'flux-dev']);
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
    expect(model.revision).toMatch(id === 'tiny' ? /^[0-9a-f]{12}$/ : /^[0-9a-f]{40}$/);
  });

  it.each(modelIds)('%s names the page of its own repository where something is to be accepted first', (id) => {
    const model = findModel(id);
    if (model?.gate) expect(model.gate.page.endsWith(`/${model.home}`)).toBe(true);
    expect(Boolean(model?.gate)).toBe(['sd-3.5-medium', 'flux-schnell', 'flux-dev'].includes(id));
  });

  it('holds as rendered what the worker has a loader for', () => {
    const pipelines = [...readFileSync('container/worker/pipeline.py', 'utf8').matchAll(/^ {4}"(\w+)": load_/gm)];
    const loaded = pipelines.map(([, name]) => name);
    for (const id of modelIds) {
      expect(loaded.includes(findModel(id)?.pipeline), id).toBe(findModel(id)?.renders);
    }
  });

  it.each([
    { schedulers: [] },
    { schedulers: ['heun'] },
    { weightsGib: 0 },
    { pipeline: 'PixArtAlphaPipeline' },
    { gate: { page: 'no address', accept: 'x' } },
    { renders: undefined },
    { size: { default: 64, min: 64 } },
    { comment: 'x' },
  ])('refuses an entry with %j', (change) => {
    expect(modelSchema.safeParse(findModel('tiny')).success).toBe(true);
    expect(modelSchema.safeParse({ ...findModel('tiny'), ...change }).success).toBe(false);
  });
});
