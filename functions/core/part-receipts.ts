import pMap from 'p-map';
import type { Job } from './job.ts';
import { partNames } from './parts.ts';
import type { Bucket } from './ports.ts';
import { readReceipt } from './read-job.ts';
import type { Receipt } from './receipt.ts';

/** One for each part of the job; undefined: it is not closed. */
export const readPartReceipts = (
  bucket: Bucket,
  job: Pick<Job, 'jobId' | 'parts'>,
): Promise<readonly (Receipt | undefined)[]> =>
  pMap(partNames(job), (name) => readReceipt(bucket, name), { concurrency: 8 });
