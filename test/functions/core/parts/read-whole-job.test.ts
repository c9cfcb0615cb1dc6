import { describe, expect, it } from 'vitest';
import { findModel } from '../../../../functions/core/input/models.ts';
import { toPromptLine } from '../../../../functions/core/input/prompt-line.ts';
import { readWholeJob } from '../../../../functions/core/parts/read-whole-job.ts';
import { toManifest, toRequeue } from '../../../../functions/core/receipt/manifest.ts';
import { toJsonLines } from '../../../../functions/core/storage/json-lines.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { aJob, aRecordOf, aSettlement, images } from '../../../fakes/builders.ts';

const made = images(4, { revision: findModel('tiny')?.revision ?? '' });
const [first, second, third, fourth] = made.map(({ hash }) => hash);
const linesOf = (part: readonly (typeof made)[number][]) => toJsonLines(part.map(({ recipe }) => toPromptLine(recipe)));
const files = {
  'jobs/night/job.json': JSON.stringify(aJob({ jobId: 'night', images: 4, parts: 2 })),
  'jobs/night/parts/001.jsonl': linesOf(made.slice(0, 2)),
  'jobs/night/parts/002.jsonl': linesOf(made.slice(2)),
  'jobs/night-p001/recipes.jsonl': toJsonLines(made.slice(0, 2)),
  'jobs/night-p001/attempts/00000-1.json': JSON.stringify(aRecordOf(made.slice(0, 1))),
  'jobs/night-p001/attempts/00000-1.settled.json': JSON.stringify(aSettlement({ usd: 0.2 })),
  [`images/${first}.png`]: 'png',
  [`images/${third}.png`]: 'png',
};

describe('readWholeJob', () => {
  it('knows the images of all parts, also of those that were not started', async () => {
    const facts = await readWholeJob(makeFakeBucket(files), 'night');
    expect(facts.images.map(({ hash }) => hash)).toEqual([first, second, third, fourth]);
    expect(facts.settlements.map(({ usd }) => usd)).toEqual([0.2]);
    const manifest = toManifest(facts);
    expect(manifest.map(({ status, reused }) => [status, reused])).toEqual([
      ['delivered', false],
      ['failed', false],
      ['delivered', true],
      ['failed', false],
    ]);
    expect(toRequeue(manifest)).toHaveLength(2);
  });

  it('reads a job of one execution as it is', async () => {
    const facts = await readWholeJob(makeFakeBucket(files), 'night-p001');
    expect(facts.images).toHaveLength(2);
  });

  it('has what lies beside the attempts of all parts', async () => {
    const lost = aSettlement({ jobId: 'night-p002', outcome: 'WorkerLost' });
    const pause = { version: 1, shard: 0, from: '2026-11-23T22:00:00.000Z', seconds: 60, reason: 'no pool is open' };
    const bucket = makeFakeBucket({
      ...files,
      'jobs/night-p001/attempts/00000-1.pause.json': JSON.stringify(pause),
      'jobs/night-p002/recipes.jsonl': toJsonLines(made.slice(2)),
      'jobs/night-p002/attempts/00000-1.settled.json': JSON.stringify(lost),
    });
    bucket.putBy('jobs/night-p002/attempts/00000-1.json', `images/${third}.png`, 'png');
    const facts = await readWholeJob(bucket, 'night');
    expect(facts.present).toEqual(new Set([first, third]));
    expect(facts.records.map((record) => record.images.length)).toEqual([1]);
    expect(facts.pauses).toEqual([pause]);
    expect(facts.unrecorded).toEqual(new Map([[third, lost]]));
  });

  it('has no image of a part whose prompts are gone', async () => {
    const { 'jobs/night/parts/002.jsonl': _, ...rest } = files;
    expect((await readWholeJob(makeFakeBucket(rest), 'night')).images).toHaveLength(2);
  });
});
