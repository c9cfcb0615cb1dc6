import pMap from 'p-map';
import { readReceipt } from '../close/read-job.ts';
import type { Job } from '../input/job.ts';
import { partNames } from '../input/parts.ts';
import type { Receipt } from '../receipt/receipt.ts';
import type { Bucket } from '../storage/bucket.ts';

/** One for each part of the job; undefined: it is not closed. */
export const readPartReceipts = (
  bucket: Bucket,
  job: Pick<Job, 'jobId' | 'parts'>,
): Promise<readonly (Receipt | undefined)[]> =>
  pMap(partNames(job), (name) => readReceipt(bucket, name), { concurrency: 8 });
