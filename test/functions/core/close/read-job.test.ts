import { describe, expect, it } from 'vitest';
import { readAttempts, readJob, readJobFile, readReceipt } from '../../../../functions/core/close/read-job.ts';
import { toJsonLines } from '../../../../functions/core/storage/json-lines.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { aJob, aReceipt, aRecordOf, aSettlement, images, startedAt } from '../../../fakes/builders.ts';

const [first, second] = images(2);
if (!first || !second) throw new Error('Expected two images');
const at = (name: string) => `jobs/job-1/${name}`;

const pause = { version: 1, shard: 0, from: startedAt, seconds: 60, reason: 'no pool is open' };

describe('what the bucket knows of a job', () => {
  it('is its images, which of them are there, and what lies beside its attempts', async () => {
    const record = aRecordOf([first]);
    const settlements = [aSettlement(), aSettlement({ attempt: 2 })];
    const bucket = makeFakeBucket({
      [at('recipes.jsonl')]: toJsonLines([first, second]),
      [`images/${first.hash}.png`]: 'x',
      [at('attempts/00000-1.json')]: JSON.stringify(record),
      [at('attempts/00000-1.progress.json')]: '{"done":1}',
      [at('attempts/00000-1.settled.json')]: JSON.stringify(settlements[0]),
      [at('attempts/00000-2.settled.json')]: JSON.stringify(settlements[1]),
      'jobs/job-1/attempts/00000-1.pause.json': JSON.stringify(pause),
      'jobs/job-10/attempts/00000-1.settled.json': JSON.stringify(aSettlement()),
    });
    expect(await readJob(bucket, 'job-1')).toEqual({
      images: [first, second],
      pauses: [pause],
      present: new Set([first.hash]),
      records: [record],
      settlements,
      unrecorded: new Map(),
    });
  });

  it('is nothing of a job that was refused', async () => {
    const nothing = { images: [], present: new Set(), records: [], pauses: [], settlements: [], unrecorded: new Map() };
    expect(await readJob(makeFakeBucket(), 'job-1')).toEqual(nothing);
  });

  it('holds a receipt once the job is closed', async () => {
    expect(await readReceipt(makeFakeBucket(), 'job-1')).toBeUndefined();
    const bucket = makeFakeBucket({ [at('receipt.json')]: JSON.stringify(aReceipt()) });
    expect(await readReceipt(bucket, 'job-1')).toEqual(aReceipt());
  });

  it('reads the records of workers in the order of their attempts, and passes over what is no record', async () => {
    const [early, late] = [aRecordOf([first], { attempt: 2 }), aRecordOf([second], { attempt: 10 })];
    const bucket = makeFakeBucket({
      [at('attempts/00000-2.json')]: JSON.stringify(early),
      [at('attempts/00000-10.json')]: JSON.stringify(late),
      [at('attempts/00001-1.json')]: '{"version":1}',
      [at('attempts/00001-2.json.part')]: JSON.stringify(late),
    });
    expect(await readAttempts(bucket, 'job-1')).toEqual({ records: [early, late], settlements: [], pauses: [] });
  });

  it('does not fetch what a worker says while it renders', async () => {
    const bucket = makeFakeBucket({ [at('attempts/00000-1.progress.json')]: '{"done":1}' });
    const refuse = async (key: string) => expect.unreachable(key);
    expect((await readAttempts({ ...bucket, read: refuse }, 'job-1')).records).toEqual([]);
  });

  it('is told what to keep to by its file, unless that is of another version', async () => {
    const job = aJob();
    expect(await readJobFile(makeFakeBucket({ [at('job.json')]: JSON.stringify(job) }), 'job-1')).toEqual(job);
    expect(await readJobFile(makeFakeBucket({ [at('job.json')]: '{"jobId":"job-1"}' }), 'job-1')).toBeUndefined();
    expect(await readJobFile(makeFakeBucket(), 'job-1')).toBeUndefined();
  });
});
