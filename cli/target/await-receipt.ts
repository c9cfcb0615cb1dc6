import { setTimeout as sleep } from 'node:timers/promises';
import { readReceipt } from '../../functions/core/close/read-job.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';

/** Clean up job closes a job some moments after its execution was stopped. @param looks how often to look, four times a second */
export async function awaitReceipt(bucket: Bucket, jobId: string, looks: number): Promise<Receipt | undefined> {
  for (let look = 1; ; look++) {
    const receipt = await readReceipt(bucket, jobId);
    if (receipt || look >= looks) return receipt;
    await sleep(250);
  }
}
