import { readReceipt } from '../close/read-job.ts';
import type { Job } from '../input/job.ts';
import { partKey, partNames } from '../input/parts.ts';
import type { CloseFacts, Receipt } from '../receipt/receipt.ts';
import { renderPartsReport } from '../report/parts-page.ts';
import type { Bucket } from '../storage/bucket.ts';
import { jobKey, receiptKey, requeueKey } from '../storage/keys.ts';
import { readPartReceipts } from './part-receipts.ts';
import { sumParts } from './sum-parts.ts';

/** Bytes of a requeue file at most: it is put together in the 1.7 GB of a function. A million prompts of 1,000 characters. */
const largestRequeue = 1.2e9;

/** What is left of each part: what its own end wrote, or, where it came to none, all of it. */
const leftKeys = (job: Job, receipts: readonly (Receipt | undefined)[]): readonly string[] =>
  partNames(job).flatMap((name, index) => {
    const receipt = receipts[index];
    // Not closed, or refused before it had images.
    if (!receipt?.images) return [partKey(job.jobId, index + 1)];
    return receipt.failed ? [requeueKey(name)] : [];
  });

/** Joins the files with one of them in memory at a time beside the whole. */
async function join(bucket: Bucket, keys: readonly string[]): Promise<Uint8Array | undefined> {
  let length = 0;
  for (const key of keys) length += (await bucket.readBytes(key))?.length ?? 0;
  if (length > largestRequeue) return undefined;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const key of keys) {
    const bytes = (await bucket.readBytes(key)) ?? new Uint8Array();
    whole.set(bytes.subarray(0, length - at), at);
    at += bytes.length;
  }
  return whole;
}

async function writeFiles(bucket: Bucket, job: Job, receipts: readonly (Receipt | undefined)[], receipt: Receipt) {
  const requeue = requeueKey(job.jobId);
  const left = await join(bucket, leftKeys(job, receipts));
  if (left && (left.length || (await bucket.exists(requeue)))) await bucket.write(requeue, left);
  await bucket.write(jobKey(job.jobId, 'report.html'), renderPartsReport(receipt));
}

export interface ClosedParts {
  readonly receipt: Receipt;
  readonly closedNow: boolean;
}

/** A part that was settled later changes the sums; what was said of the end stands. */
function amend(closed: Receipt, sums: Receipt): Receipt | undefined {
  if (closed.usd === sums.usd && closed.delivered === sums.delivered) return undefined;
  const { closedAt, plannedUsd, schedule, redriveCount } = closed;
  const failure = sums.failed ? (closed.failure ?? sums.failure) : undefined;
  return { ...sums, closedAt, plannedUsd, schedule, redriveCount, failure, status: failure ? 'failed' : 'delivered' };
}

/** Writes what remains of a job in parts: the sums of their receipts, what is left of all, a page with a link to each. */
export async function closeParts(
  bucket: Bucket,
  job: Job,
  { makeDoor, ...facts }: CloseFacts & { readonly makeDoor: () => Promise<void> },
): Promise<ClosedParts> {
  const { jobId } = job;
  const receipts = await readPartReceipts(bucket, job);
  const sums = sumParts(job, receipts, facts);
  const closed = await readReceipt(bucket, jobId);
  const stands = closed && (closed.redriveCount ?? 0) >= (facts.redriveCount ?? 0);
  const receipt = stands ? amend(closed, sums) : sums;
  if (receipt) await writeFiles(bucket, job, receipts, receipt);
  // Before the receipt: where it fails the job is still open, and the other end closes it.
  await makeDoor();
  const text = receipt && JSON.stringify(receipt);
  if (text && closed) await bucket.write(receiptKey(jobId), text);
  const closedNow =
    !stands && text !== undefined && (closed !== undefined || (await bucket.writeOnce(receiptKey(jobId), text)));
  return { receipt: closedNow ? sums : ((await readReceipt(bucket, jobId)) ?? sums), closedNow };
}
