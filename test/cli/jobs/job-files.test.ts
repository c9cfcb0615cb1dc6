import { describe, expect, it } from 'vitest';
import { readJobFiles } from '../../../cli/jobs/job-files.ts';
import { countLeft, writeRequeue } from '../../../cli/jobs/requeue.ts';
import { toResumedName } from '../../../cli/target/job-names.ts';
import { toJsonLines } from '../../../functions/core/storage/json-lines.ts';
import { makeFakeBucket } from '../../fakes/bucket.ts';
import { aJob, aRecord, aSettlement, images } from '../../fakes/builders.ts';

const [first, second, third] = images(3);
if (!first || !second || !third) throw new Error('Expected three images');
const recipes = { 'jobs/night/recipes.jsonl': toJsonLines([first, second, third]) };
const settled = (key: string, usd: number) => ({ [key]: JSON.stringify(aSettlement({ usd })) });

describe('the files of a job', () => {
  it('say what is left by the pictures in the bucket, whether it was closed or not', async () => {
    const bucket = makeFakeBucket({ ...recipes, [`images/${second.hash}.png`]: 'x' });
    const files = await readJobFiles(bucket, 'night');
    expect(files).toMatchObject({ jobId: 'night', resumedBy: [], receipt: undefined, job: undefined });
    expect(files && countLeft(files)).toBe(2);
    const lines = files ? await writeRequeue(bucket, files) : '';
    expect(await bucket.read('jobs/night/requeue.jsonl')).toBe(lines);
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).seed),
    ).toEqual([0, 2]);
  });

  it('know those that resumed it, by either name, and what all of them spent', async () => {
    const bucket = makeFakeBucket({
      ...recipes,
      'jobs/night/job.json': JSON.stringify(aJob({ jobId: 'night', maxUsd: 3 })),
      ...settled('jobs/night/attempts/00000-1.settled.json', 0.5),
      ...settled('jobs/night-r1/attempts/00000-1.settled.json', 0.25),
      'jobs/night-r2/receipt.json': '{}',
      'jobs/night-run/receipt.json': '{}',
    });
    for (const name of ['night', 'night-r1', 'night-r2']) {
      expect(await readJobFiles(bucket, name)).toMatchObject({
        jobId: 'night',
        resumedBy: ['night-r1', 'night-r2'],
        spentUsd: 0.75,
        job: { maxUsd: 3 },
      });
    }
    expect(await readJobFiles(bucket, 'night-r3')).toBeUndefined();
  });

  it('do not list again what the safety policy blocked in a job that resumed it', async () => {
    const blocked = aRecord({ blocked: [{ hash: first.hash, reason: 'flagged' }] });
    const bucket = makeFakeBucket({ ...recipes, 'jobs/night-r1/attempts/00000-1.json': JSON.stringify(blocked) });
    const files = await readJobFiles(bucket, 'night');
    expect(files?.manifest.map(({ status }) => status)).toEqual(['blocked', 'failed', 'failed']);
  });

  it('are none of a job that nobody knows', async () => {
    expect(await readJobFiles(makeFakeBucket(recipes), 'day')).toBeUndefined();
  });

  it('belong to a job that is called like one that goes on, where there is no other', async () => {
    const bucket = makeFakeBucket({ 'jobs/model-r1/recipes.jsonl': toJsonLines([first]) });
    expect(await readJobFiles(bucket, 'model-r1')).toMatchObject({ jobId: 'model-r1', resumedBy: [] });
  });

  it('name the next job so that AWS takes the name: 80 characters', () => {
    expect(toResumedName('night', 3)).toBe('night-r3');
    expect(toResumedName('x'.repeat(80), 12)).toBe(`${'x'.repeat(76)}-r12`);
  });
});
