import { describe, expect, it } from 'vitest';
import type { LearnedSpeed } from '../../../../functions/core/learn/learned.ts';
import { findInstanceType } from '../../../../functions/core/market/instance-types.ts';
import { compileFromImages, findSpeed } from '../../../../functions/core/pick/speed.ts';
import { tellWorker } from '../../../../functions/core/pick/tell-worker.ts';
import { aBigRecipe, aWork } from '../../../fakes/builders.ts';

const row = (over: Partial<LearnedSpeed> = {}): LearnedSpeed => ({
  model: 'sd-1.5',
  size: '512x512',
  instanceType: 'g6.xlarge',
  secondsPerStep: 0.1,
  loadSeconds: 30,
  weight: 3,
  ...over,
});
const compiled = { secondsPerStep: 0.08, compileSeconds: 60 };
const tell = (...rows: readonly LearnedSpeed[]) => JSON.parse(tellWorker(aWork(), 'g6.xlarge', rows));

describe('from how many images on compiling pays', () => {
  it('is what compiling takes over what it saves of an image', () => {
    // 60 s, and 25 steps that are 0.02 s shorter: 0.5 s an image.
    expect(compileFromImages(row({ compiled }), 25)).toBe(120);
    expect(compileFromImages(row({ compiled: { ...compiled, compileSeconds: 60.1 } }), 25)).toBe(121);
  });

  it('is one where nothing is left to compile, and never where it saves nothing', () => {
    expect(compileFromImages(row({ compiled: { ...compiled, compileSeconds: 0 } }), 25)).toBe(1);
    expect(compileFromImages(row({ compiled: { ...compiled, secondsPerStep: 0.1 } }), 25)).toBe(1_000_000_000);
  });

  it('is not known where nobody compiled', () => {
    expect(compileFromImages(row(), 25)).toBeUndefined();
  });
});

describe('what the worker is told', () => {
  it('is, by size, the compute batch and from how many images on to compile', () => {
    const found = tell(
      row({ layout: { computeBatch: 8, decodeBatch: 4 }, compiled }),
      row({ size: '640x512', layout: { computeBatch: 6, decodeBatch: 6 } }),
      row({ size: '512x640', compiled }),
    );
    expect(found).toEqual({
      '512x512': { computeBatch: 8, decodeBatch: 4, compileFromImages: 120 },
      '640x512': { computeBatch: 6, decodeBatch: 6 },
      '512x640': { compileFromImages: 120 },
    });
  });

  it('is of its own model and type alone', () => {
    const layout = { computeBatch: 8, decodeBatch: 8 };
    expect(tell(row({ model: 'sdxl', layout }), row({ instanceType: 'g5.xlarge', layout }), row())).toEqual({});
  });

  it('is of the twenty sizes that are known best: a container takes no more', () => {
    const layout = { computeBatch: 8, decodeBatch: 8 };
    const rows = Array.from({ length: 30 }, (_, index) =>
      row({ size: `512x${512 + 8 * index}`, weight: index, layout }),
    );
    expect(Object.keys(tell(...rows)).toSorted()[0]).toBe('512x592');
    expect(Object.keys(tell(...rows))).toHaveLength(20);
  });
});

describe('the speed of work that the worker compiles', () => {
  const g6 = findInstanceType('g6.xlarge');
  const speedOf = (images: number, over = {}) =>
    g6 &&
    findSpeed(aWork({ images, typical: aBigRecipe({ steps: 25, ...over }) }), g6, {
      speeds: [row({ compiled })],
      types: [g6],
    });

  it('is that of the compiled model, after what compiling takes, from the number of images on at which it pays', () => {
    expect(speedOf(119)).toMatchObject({ secondsPerImage: expect.closeTo(2.5, 9), loadSeconds: expect.closeTo(30, 9) });
    expect(speedOf(120)).toMatchObject({ secondsPerImage: expect.closeTo(2, 9), loadSeconds: expect.closeTo(90, 9) });
  });

  it('is that of the model as it is with LoRAs, which are never compiled', () => {
    const loras = [{ name: 'ink', weight: 1 }];
    expect(speedOf(500, { loras })).toMatchObject({
      secondsPerImage: expect.closeTo(2.5, 9),
      loadSeconds: expect.closeTo(30, 9),
    });
  });
});
