import pMap from 'p-map';
import type { Job } from '../input/job.ts';
import { jobSchema } from '../input/job-schema.ts';
import { readRecipes } from '../input/recipes-file.ts';
import type { JobFacts } from '../receipt/manifest.ts';
import type { Receipt } from '../receipt/receipt.ts';
import { type AttemptRecord, parseAttemptRecord } from '../settle/attempt-record.ts';
import type { Settlement } from '../settle/settlement.ts';
import { findUnrecorded } from '../settle/unrecorded-images.ts';
import type { Pause } from '../shard/pause.ts';
import type { Bucket } from '../storage/bucket.ts';
import { findExistingImages } from '../storage/existing-images.ts';
import { jobFileKey, jobKey, receiptKey } from '../storage/keys.ts';

export interface Attempts {
  readonly records: readonly AttemptRecord[];
  readonly settlements: readonly Settlement[];
  readonly pauses: readonly Pause[];
}

/** `00000-2.json` before `00000-10.json`. */
const byNumbers = new Intl.Collator('en', { numeric: true });

/** In the order of shards and attempts, the worker's records and our settlements. A record that is no record is a loss of detail, not of the job. */
export async function readAttempts(bucket: Bucket, jobId: string): Promise<Attempts> {
  // What a worker said on its way is no record of its end.
  const keys = (await bucket.list(jobKey(jobId, 'attempts/')))
    .filter((key) => !key.endsWith('.progress.json'))
    .toSorted(byNumbers.compare);
  const files = await pMap(keys, async (key) => ({ key, text: (await bucket.read(key)) ?? 'null' }), {
    concurrency: 16,
  });
  const of = (kind: string) => files.filter(({ key }) => key.endsWith(kind));
  const ofWorkers = files.filter(({ key }) => /-\d+\.json$/.test(key));
  return {
    settlements: of('.settled.json').map(({ text }): Settlement => JSON.parse(text)),
    pauses: of('.pause.json').map(({ text }): Pause => JSON.parse(text)),
    records: ofWorkers.flatMap(({ text }) => parseAttemptRecord(text) ?? []),
  };
}

/** What the job was told to keep to; undefined where it was refused, or is of an older version. */
export async function readJobFile(bucket: Bucket, jobId: string): Promise<Job | undefined> {
  return jobSchema.safeParse(JSON.parse((await bucket.read(jobFileKey(jobId))) ?? 'null')).data;
}

/** Undefined: the job is not closed. */
export async function readReceipt(bucket: Bucket, jobId: string): Promise<Receipt | undefined> {
  return JSON.parse((await bucket.read(receiptKey(jobId))) ?? 'null') ?? undefined;
}

/** All that the bucket knows of a job, whether it was closed or not. */
export async function readJob(bucket: Bucket, jobId: string): Promise<JobFacts & Attempts> {
  const images = await readRecipes(bucket, jobId);
  const hashes = images.map((image) => image.hash);
  const present = await findExistingImages(bucket, hashes);
  const attempts = await readAttempts(bucket, jobId);
  return { images, present, ...attempts, unrecorded: await findUnrecorded(bucket, { present, ...attempts }) };
}
