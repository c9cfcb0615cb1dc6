import { describe, expect, it } from 'vitest';
import { NoEligiblePool } from '../../functions/core/errors.ts';
import type { Job } from '../../functions/core/input/job.ts';
import type { Outlook } from '../../functions/core/market/outlook.ts';
import type { PriceChange, PriceHistory } from '../../functions/core/market/ports.ts';
import { parseShard } from '../../functions/core/plan/shard-schema.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { makePlanJob } from '../../functions/plan-job.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aBigRecipe, aJob, aPrice, images, outlookOf } from '../fakes/builders.ts';

const code = 'L-3819A6DF';
const name = 'All G and VT Spot Instance Requests';

const types = ['g6.xlarge', 'g4dn.xlarge'];
/**
 * 500 s an image of 25 steps. A start of 227 s and 0.3 losses an hour balance at sqrt(2 x 227 x 3600 / 0.3) = 2,333 s:
 * four images a shard.
 */
const slow: Partial<Outlook> = {
  speeds: types.map((instanceType) => ({
    model: 'sd-1.5',
    size: '512x512',
    instanceType,
    secondsPerStep: 20,
    loadSeconds: 17,
    weight: 3,
  })),
};

const changes: readonly PriceChange[] = [
  { azId: 'use1-az1', instanceType: 'g4dn.xlarge', usdPerHour: 0.19, at: Date.parse('2026-11-01T00:00:00Z') },
  { azId: 'use1-az1', instanceType: 'g4dn.xlarge', usdPerHour: 0.2, at: Date.parse('2026-11-20T00:00:00Z') },
  { azId: 'use1-az2', instanceType: 'g4dn.xlarge', usdPerHour: 9, at: Date.parse('2026-11-20T00:00:00Z') },
];

const noChanges: PriceHistory = { changes: async () => [] };

function setUp(outlook: Partial<Outlook> = {}, count = 10, priceHistory: PriceHistory = noChanges) {
  const recipes = images(count, aBigRecipe()).map(({ recipe }, seed) => ({
    hash: `${seed}`.padStart(64, '0'),
    recipe: { ...recipe, seed },
  }));
  const bucket = makeFakeBucket({ 'jobs/job-1/recipes.jsonl': toJsonLines(recipes) });
  const state = makePlanJob({
    bucket,
    readOutlook: async () =>
      outlookOf({ spotPrices: [aPrice(), aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.2 })], ...outlook }),
    priceHistory,
    zones: ['use1-az1'],
    instanceTypes: types,
  });
  return { bucket, recipes, plan: (job: Partial<Job> = {}) => state({ job: aJob({ images: count, ...job }) }) };
}

describe('plan-job', () => {
  it('gives the shards by key and says what the job will cost', async () => {
    const plan = await setUp(slow).plan();
    expect(plan).toMatchObject({
      concurrency: 3,
      shards: [
        { shard: 0, key: 'jobs/job-1/shards/00000.json', images: 3, pilot: '' },
        { shard: 1, key: 'jobs/job-1/shards/00001.json', images: 3, pilot: '' },
        { shard: 2, key: 'jobs/job-1/shards/00002.json', images: 4, pilot: '' },
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
    const { bucket, recipes, plan } = setUp(slow);
    const { shards } = await plan();
    const texts = await Promise.all(shards.map((shard) => bucket.read(shard.key)));
    expect(texts.flatMap((text) => parseShard(text ?? '').images)).toEqual(recipes);
    expect(bucket.written.filter((key) => key.includes('/shards/'))).toHaveLength(3);
  });

  it('lends a small shard to a type that may be cheaper than its seed says, and names it', async () => {
    const { shards, pilots } = await setUp({}, 5000).plan();
    const [first, ...others] = shards;
    expect(first).toMatchObject({ shard: 0, pilot: 'g4dn.xlarge' });
    expect(pilots).toMatchObject([{ shard: 0, instanceType: 'g4dn.xlarge', images: first?.images }]);
    expect(new Set(others.map(({ pilot }) => pilot))).toEqual(new Set(['']));
    expect(shards.reduce((sum, shard) => sum + shard.images, 0)).toBe(5000);
  });

  it('writes nothing where only a plan is wanted', async () => {
    const { bucket, plan } = setUp();
    expect((await plan({ mode: 'plan' })).shards).toHaveLength(1);
    expect(bucket.written).toEqual([]);
  });

  it('plans past a quota of nothing where only a plan is wanted, for $0: the cost, the time, what to ask AWS for', async () => {
    const { plan } = setUp({ ...slow, quotas: [{ code, name, have: 0, used: 0 }] });
    const found = await plan({ mode: 'plan' });
    expect(found).toMatchObject({
      spentUsd: 0,
      concurrency: 1,
      ranked: [{ pool: 'use1-az1/g4dn.xlarge/spot' }, {}, {}, {}],
      advice: [
        {
          code,
          name,
          have: 0,
          // Three shards on instances of 4 vCPUs.
          need: 12,
          link: `https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${code}`,
          text: expect.stringMatching(/^We render images .* 12 vCPUs let 3 of them run at once; .* We have 0 vCPUs\.$/),
        },
      ],
    });
    for (const { p50, p90 } of [found.costUsd, found.readySeconds]) {
      expect(p50).toBeGreaterThan(0);
      expect(p90).toBeGreaterThanOrEqual(p50);
    }
    await expect(plan()).rejects.toThrow(`quota ${code} (${name}): have 0 vCPUs, need 4`);
  });

  it('says what could not be read, and goes on', async () => {
    const gaps = ['Spot prices could not be read: AccessDenied.'];
    const { plan } = setUp({ spotPrices: [], gaps });
    const found = await plan({ onDemand: 'only' });
    expect(found.gaps).toEqual(gaps);
    expect(found.rejected.map(({ kind }) => kind)).toEqual(Array(4).fill('limit'));
    await expect(plan()).rejects.toThrow('no Spot price: not offered in this zone');
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

describe('plan-job, for the report,', () => {
  it('keeps what the pools in question cost in the seven days before', async () => {
    const asked: unknown[] = [];
    const { bucket, plan } = setUp(slow, 10, {
      changes: async (...request) => {
        asked.push(request);
        return changes;
      },
    });
    await plan();
    expect(asked).toEqual([[types.toReversed(), new Date('2026-11-16T22:00:00.000Z')]]);
    expect(JSON.parse((await bucket.read('jobs/job-1/prices.json')) ?? '')).toEqual({
      version: 1,
      from: Date.parse('2026-11-16T22:00:00.000Z'),
      to: Date.parse('2026-11-23T22:00:00.000Z'),
      curves: [
        {
          pool: 'use1-az1/g4dn.xlarge/spot',
          points: [
            [Date.parse('2026-11-16T22:00:00.000Z'), 0.19],
            [Date.parse('2026-11-20T00:00:00Z'), 0.2],
          ],
        },
      ],
    });
  });

  it('goes on where prices can not be read, and says so', async () => {
    const { bucket, plan } = setUp(slow, 10, { changes: async () => Promise.reject(new Error('AccessDenied')) });
    const { gaps, shards } = await plan();
    expect(gaps).toEqual(['Spot prices of the last days could not be read: Error: AccessDenied.']);
    expect(bucket.written).toEqual(shards.map(({ key }) => key));
  });

  it('asks for no prices where only a plan is wanted, or nothing is ranked on Spot', async () => {
    const never: PriceHistory = { changes: async () => Promise.reject(new Error('Expected nobody to ask')) };
    expect((await setUp(slow, 10, never).plan({ mode: 'plan' })).gaps).toEqual([]);
    expect((await setUp(slow, 10, never).plan({ onDemand: 'only' })).gaps).toEqual([]);
  });
});
