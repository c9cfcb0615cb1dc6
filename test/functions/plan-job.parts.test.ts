import { expect, it } from 'vitest';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { makePlanJob } from '../../functions/plan-job.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aBigRecipe, aJob, aPrice, images, outlookOf } from '../fakes/builders.ts';

it('plans a job in parts by its sample, and writes no shards: its parts cut their own', async () => {
  const bucket = makeFakeBucket({ 'jobs/job-1/parts/sample.jsonl': toJsonLines(images(20, aBigRecipe())) });
  const plan = makePlanJob({
    bucket,
    readOutlook: async () => outlookOf({ spotPrices: [aPrice()] }),
    priceHistory: { changes: async () => [] },
    zones: ['use1-az1'],
    instanceTypes: ['g6.xlarge'],
  });
  const made = await plan({ job: aJob({ images: 60, parts: 3, models: ['sd-1.5'] }) });
  expect(made).toMatchObject({ parts: 3, shards: [], spentUsd: 0 });
  expect(made.ranked[0]?.pool).toBe('use1-az1/g6.xlarge/spot');
  expect(bucket.written).toEqual([]);
});

it('keeps to the instance type of the whole job', async () => {
  const bucket = makeFakeBucket({ 'jobs/job-1/recipes.jsonl': toJsonLines(images(20, aBigRecipe())) });
  const spotPrices = [aPrice(), aPrice({ instanceType: 'g4dn.xlarge', usdPerHour: 0.9 })];
  const plan = makePlanJob({
    bucket,
    readOutlook: async () => outlookOf({ spotPrices }),
    priceHistory: { changes: async () => [] },
    zones: ['use1-az1'],
    instanceTypes: ['g6.xlarge', 'g4dn.xlarge'],
  });
  const job = aJob({ images: 20, models: ['sd-1.5'], sameGpu: true });
  expect((await plan({ job })).instanceType).toBe('g6.xlarge');
  expect((await plan({ job: { ...job, instanceType: 'g4dn.xlarge' } })).instanceType).toBe('g4dn.xlarge');
});
