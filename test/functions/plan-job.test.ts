import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../functions/core/errors.ts';
import type { Job } from '../../functions/core/job.ts';
import { toJsonLines } from '../../functions/core/manifest.ts';
import { parseShard } from '../../functions/core/shard-schema.ts';
import { makePlanJob } from '../../functions/plan-job.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aBigRecipe, aJob, aPrice, images } from '../fakes/builders.ts';
import { makeFakeMarket } from '../fakes/spot-market.ts';

const given = images(10, aBigRecipe()).map((image) => ({ ...image }));

function setUp(over: { readonly shardSeconds?: number } = {}) {
  const recipes = given.map(({ recipe }, seed) => ({ hash: `${seed}`.padStart(64, '0'), recipe: { ...recipe, seed } }));
  const bucket = makeFakeBucket({ 'jobs/job-1/recipes.jsonl': toJsonLines(recipes) });
  const state = makePlanJob({
    bucket,
    market: makeFakeMarket([aPrice(), aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.2 })]),
    zones: ['use1-az1'],
    instanceTypes: ['g6.xlarge', 'g4dn.xlarge'],
    shardSeconds: 600,
    ...over,
  });
  return { bucket, recipes, plan: (job: Partial<Job> = {}) => state({ job: aJob({ images: 10, ...job }) }) };
}

describe('plan-job', () => {
  it('gives the shards by key and says what the job will cost', async () => {
    const plan = await setUp({ shardSeconds: 16 }).plan();
    // 25 steps at 6.9 steps/s: 4 images in 16 s.
    expect(plan).toMatchObject({
      concurrency: 3,
      shards: [
        { shard: 0, key: 'jobs/job-1/shards/00000.json', images: 3 },
        { shard: 1, key: 'jobs/job-1/shards/00001.json', images: 3 },
        { shard: 2, key: 'jobs/job-1/shards/00002.json', images: 4 },
      ],
      ranked: [
        { pool: 'use1-az1/g4dn.xlarge/spot' },
        { pool: 'use1-az1/g6.xlarge/spot' },
        { pool: 'any/g4dn.xlarge/spot' },
        { pool: 'any/g6.xlarge/spot' },
      ],
      rejected: [{ id: 'any/g4dn.xlarge/on-demand' }, { id: 'any/g6.xlarge/on-demand' }],
      instanceType: '',
      spentUsd: 0,
    });
    expect(plan.costUsd.p50).toBeGreaterThan(0);
    expect(plan.shards[0]).not.toHaveProperty('recipes');
  });

  it('writes shards that hold every image of the job', async () => {
    const { bucket, recipes, plan } = setUp({ shardSeconds: 16 });
    const { shards } = await plan();
    const texts = await Promise.all(shards.map((shard) => bucket.read(shard.key)));
    expect(texts.flatMap((text) => parseShard(text ?? '').images)).toEqual(recipes);
    expect(bucket.written).toHaveLength(3);
  });

  it('writes nothing where only a plan is wanted', async () => {
    const { bucket, plan } = setUp();
    expect((await plan({ mode: 'plan' })).shards).toHaveLength(1);
    expect(bucket.written).toEqual([]);
  });

  it('gives the same plan twice', async () => {
    const { plan } = setUp();
    expect(await plan()).toEqual(await plan());
  });

  it('refuses before it writes', async () => {
    const { bucket, plan } = setUp();
    await expect(plan({ maxUsdPerHour: 0.01 })).rejects.toThrow(NoEligiblePool);
    expect(bucket.written).toEqual([]);
  });
});
