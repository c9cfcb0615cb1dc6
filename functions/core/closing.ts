import { z } from 'zod';
import { readCause } from './cause.ts';
import type { Failure, Receipt } from './receipt.ts';

const failure = z.object({ error: z.string(), cause: z.string().transform(readCause) });

/** What both ends of a job hand to Close job: the workflow itself, and Clean up job after an end that it can't catch. */
export const closeRequestSchema = z.object({
  jobId: z.string().min(1),
  startedAt: z.string(),
  /** The plan's cost, where there was a plan. */
  plannedUsd: z.object({ p50: z.number(), p90: z.number(), onDemand: z.number() }).nullish(),
  notify: z.string().nullish(),
  /** What stopped the job or a shard, in the order of the shards. */
  failures: z.array(failure),
});

export type CloseRequest = z.input<typeof closeRequestSchema>;

export interface ClosedJob {
  readonly jobId: string;
  readonly status: Receipt['status'];
  readonly images: number;
  readonly delivered: number;
  readonly reused: number;
  readonly failed: number;
  readonly usd: number;
  readonly usdPerImage: number;
  readonly savingPercent: number;
  readonly report: string;
  readonly notify: string;
  readonly subject: string;
  readonly message: string;
  /** False: the job was closed before; its receipt stands. */
  readonly closedNow: boolean;
  readonly failure?: Failure;
}

/** AWS cuts a Fail state's cause at this many characters. */
export const longestCause = 32_768;
