import pMap from 'p-map';
import type { Job } from './job.ts';
import { jobSchema } from './job-schema.ts';
import { jobFileKey } from './keys.ts';
import { partNames } from './parts.ts';
import type { Bucket } from './ports.ts';
import { readReceipt } from './read-job.ts';
import type { Receipt } from './receipt.ts';

/** What the job was told to keep to; undefined where it was refused, or is of an older version. */
export async function readJobFile(bucket: Bucket, jobId: string): Promise<Job | undefined> {
  return jobSchema.safeParse(JSON.parse((await bucket.read(jobFileKey(jobId))) ?? 'null')).data;
}

/** One for each part of the job; undefined: it is not closed. */
export const readPartReceipts = (
  bucket: Bucket,
  job: Pick<Job, 'jobId' | 'parts'>,
): Promise<readonly (Receipt | undefined)[]> =>
  pMap(partNames(job), (name) => readReceipt(bucket, name), { concurrency: 8 });
