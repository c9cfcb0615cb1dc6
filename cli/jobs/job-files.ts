import pMap from 'p-map';
import { readJobFile, readReceipt } from '../../functions/core/close/read-job.ts';
import type { Job } from '../../functions/core/input/job.ts';
import { readWholeJob } from '../../functions/core/parts/read-whole-job.ts';
import { type ManifestLine, toManifest } from '../../functions/core/receipt/manifest.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { jobKey } from '../../functions/core/storage/keys.ts';
import { familyOf, toResumedName } from '../target/job-names.ts';

/** A job and those that resumed it, as the bucket knows them: nothing else is needed. */
export interface JobFiles {
  /** The first of the family: a resumed job is resumed by its name, too. */
  readonly jobId: string;
  /** `<job>-r1`, `<job>-r2`, … */
  readonly resumedBy: readonly string[];
  /** What became of the images of the first, whoever rendered them; empty: it was refused before it had any. */
  readonly manifest: readonly ManifestLine[];
  /** Of the first, and of those that resumed it. */
  readonly spentUsd: number;
  readonly job?: Job;
  readonly receipt?: Receipt;
}

const isThere = async (bucket: Bucket, jobId: string) => (await bucket.list(jobKey(jobId, ''))).length > 0;

async function findResumed(bucket: Bucket, jobId: string): Promise<readonly string[]> {
  const names: string[] = [];
  while (await isThere(bucket, toResumedName(jobId, names.length + 1))) {
    names.push(toResumedName(jobId, names.length + 1));
  }
  return names;
}

/** Undefined: the bucket has no such job. */
export async function readJobFiles(bucket: Bucket, name: string): Promise<JobFiles | undefined> {
  const [own = name, first = own] = familyOf(name);
  const jobId = (await isThere(bucket, first)) ? first : own;
  if (!(await isThere(bucket, jobId))) return undefined;
  const resumedBy = await findResumed(bucket, jobId);
  if (![jobId, ...resumedBy].includes(name)) return undefined;
  const [facts, ...others] = await pMap([jobId, ...resumedBy], (member) => readWholeJob(bucket, member), {
    concurrency: 4,
  });
  if (!facts) return undefined;
  const all = [facts, ...others];
  const settlements = all.flatMap((member) => member.settlements);
  const manifest = toManifest({
    ...facts,
    settlements,
    records: all.flatMap((member) => member.records),
    unrecorded: new Map(all.flatMap((member) => [...member.unrecorded])),
  });
  return {
    jobId,
    resumedBy,
    manifest,
    spentUsd: settlements.reduce((sum, { usd }) => sum + usd, 0),
    job: await readJobFile(bucket, jobId),
    receipt: await readReceipt(bucket, jobId),
  };
}
