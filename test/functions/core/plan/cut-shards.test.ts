import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutShards, shardSize } from '../../../../functions/core/plan/cut-shards.ts';
import { shardSchema } from '../../../../functions/core/plan/shard-schema.ts';
import { anImage, aRecipe, images } from '../../../fakes/builders.ts';

describe('shardSize', () => {
  it.each([
    [1000, 2, 600, 300],
    [1000, 7, 600, 85],
    [5000, 0, 600, 1000],
    [1000, 0.001, 600, 1000],
    [5000, 0.001, 600, 1000],
    [1000, 1.2, 600, 500],
    [10, 1000, 600, 1],
    [200, 1000, 600, 1],
    [201, 1000, 600, 2],
    [100_000, 1000, 600, 500],
    [100_000, 0.001, 600, 1000],
  ])('of %i images at %f s each with %i s a shard is %i', (count, seconds, target, size) => {
    expect(shardSize(count, seconds, target)).toBe(size);
  });

  it('never makes more than 200 shards of one model, nor a shard of more than 1,000 images', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        (count, seconds) => {
          const size = shardSize(count, seconds, 600);
          expect(Number.isInteger(size) && size >= 1 && size <= 1000).toBe(true);
          expect(Math.ceil(count / size)).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});

describe('cutShards', () => {
  const cut = (count: number, size: number) => cutShards('job-1', images(count), () => size);

  it('makes no shard of nothing', () => {
    expect(cut(0, 5)).toEqual([]);
  });

  it('writes shards that the worker reads', () => {
    const [shard, ...others] = cut(3, 3);
    expect(others).toEqual([]);
    expect(shardSchema.parse(shard)).toEqual({
      version: 1,
      jobId: 'job-1',
      shard: 0,
      model: 'tiny',
      revision: '0123456789ab',
      images: images(3),
    });
  });

  it.each([
    [10, 5, [5, 5]],
    [11, 5, [3, 4, 4]],
    [10, 4, [3, 3, 4]],
    [3, 1, [1, 1, 1]],
    [3, 9, [3]],
  ])('cuts %i images of at most %i into %j', (count, size, sizes) => {
    expect(cut(count, size).map((shard) => shard.images.length)).toEqual(sizes);
  });

  it('holds every image once, in order, one model a shard, sizes that differ by one at most', () => {
    const many = images(300);
    const gen = fc.record({
      models: fc.array(fc.nat(2), { minLength: 1, maxLength: 300, size: 'max' }),
      size: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(gen, ({ models, size }) => {
        const given = models.map((model, index) => {
          const seed = many[index]?.recipe.seed ?? 0;
          return { hash: `${index}`, recipe: aRecipe({ seed, model: ['tiny', 'sd-1.5', 'sdxl'][model] }) };
        });
        const shards = cutShards('job-1', given, () => size);
        expect(shards.length).toBeLessThanOrEqual(200);
        // What is wanted would be more shards than the Map's history holds.
        const least = Math.ceil(given.length / (200 - new Set(models).size));
        expect(shards.map((shard) => shard.shard)).toEqual([...shards.keys()]);
        for (const model of new Set(given.map((image) => image.recipe.model))) {
          const ofModel = shards.filter((shard) => shard.model === model);
          const expected = given.filter((image) => image.recipe.model === model);
          expect(ofModel.flatMap((shard) => shard.images)).toEqual(expected);
          const sizes = ofModel.map((shard) => shard.images.length);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.max(size, least));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
        expect(shards.flatMap((shard) => shard.images)).toHaveLength(given.length);
      }),
    );
  });

  it('keeps two revisions of a model apart', () => {
    const shards = cutShards('j', [anImage(), anImage({ revision: 'fedcba987654' }), anImage({ seed: 1 })], () => 9);
    expect(shards.map((shard) => [shard.revision, shard.images.length])).toEqual([
      ['0123456789ab', 2],
      ['fedcba987654', 1],
    ]);
  });

  it('asks for the size with the model and its images', () => {
    const asked: unknown[] = [];
    cutShards('j', [anImage(), anImage({ model: 'sdxl' }), anImage({ seed: 1 })], (...given) => {
      asked.push(given);
      return 1;
    });
    expect(asked).toEqual([
      ['tiny', 2],
      ['sdxl', 1],
    ]);
  });

  it('makes at most 200 shards of a job of several models', () => {
    const given = ['tiny', 'sd-1.5', 'sdxl'].flatMap((model) =>
      Array.from({ length: 300 }, (_, seed) => ({ hash: `${model}${seed}`, recipe: aRecipe({ model, seed }) })),
    );
    const shards = cutShards('j', given, (_, count) => shardSize(count, 1000, 600));
    expect(shards.length).toBeLessThanOrEqual(200);
  });
});
