import { readReceipt } from '../../functions/core/close/read-job.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import { findExecution, type Target } from '../target/target.ts';

/** A job that ended, as `status` tells of it. */
export interface EndedJob {
  readonly jobId: string;
  /** `delivered` or `failed` as its receipt says; without one what Step Functions calls its end. */
  readonly status: string;
  /** ISO time */
  readonly endedAt?: string;
  readonly receipt?: Receipt;
}

/** Undefined: neither the bucket nor Step Functions knows it. */
export async function readEndedJob(target: Target, jobId: string): Promise<EndedJob | undefined> {
  const receipt = await readReceipt(target.bucket, jobId);
  if (receipt) return { jobId, status: receipt.status, endedAt: receipt.closedAt, receipt };
  // A plan ends without a receipt, and so does a repeated delivery of a schedule.
  const execution = await findExecution(target, jobId);
  return execution && { jobId, status: execution.status ?? '', endedAt: execution.stopDate?.toISOString() };
}
