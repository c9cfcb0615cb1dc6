import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { executionArnOf } from '../../functions/core/execution-arn.ts';
import { readReceipt } from '../../functions/core/read-job.ts';
import type { Receipt } from '../../functions/core/receipt.ts';
import type { Target } from '../target/target.ts';

/** A job that ended, as `status` tells of it. */
export interface EndedJob {
  readonly jobId: string;
  /** `delivered` or `failed` as its receipt says; without one what Step Functions calls its end. */
  readonly status: string;
  /** ISO time */
  readonly endedAt?: string;
  readonly receipt?: Receipt;
}

/** A plan ends without a receipt, and so does a repeated delivery of a schedule. */
async function describe(target: Target, jobId: string): Promise<EndedJob | undefined> {
  try {
    const command = new DescribeExecutionCommand({ executionArn: executionArnOf(target, jobId) });
    const { status = '', stopDate } = await target.executions.send(command);
    return { jobId, status, endedAt: stopDate?.toISOString() };
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}

/** Undefined: neither the bucket nor Step Functions knows it. */
export async function readEndedJob(target: Target, jobId: string): Promise<EndedJob | undefined> {
  const receipt = await readReceipt(target.bucket, jobId);
  if (receipt) return { jobId, status: receipt.status, endedAt: receipt.closedAt, receipt };
  return describe(target, jobId);
}
