import { z } from 'zod';
import { readCause, toLine } from '../cause.ts';
import { anyScheduled } from '../input/scheduled.ts';
import type { Receipt } from '../receipt/receipt.ts';
import type { Notification } from '../tell/notification.ts';

/** `notify` of a job that tells nobody of its end: the part of another, say. */
export const unheard = 'none';

/** AWS cuts a Fail state's cause at this many characters. */
export const longestCause = 32_768;
/** And its error at this many. */
const longestError = 256;

/** Words of AWS, of a worker, or of who stopped the execution: they go into a message, a page and a terminal. */
const failure = z.object({
  error: z.string().transform((error) => toLine(error, longestError)),
  cause: z
    .string()
    .default('')
    .transform((cause) => toLine(readCause(cause), longestCause)),
});

const anyParent = z
  .unknown()
  .optional()
  .transform((value) => z.object({ jobId: z.string().min(1).max(80) }).safeParse(value).data?.jobId);

/** What both ends of a job hand to Close job: the workflow itself, and Clean up job after an end that it can't catch. */
export const closeRequestSchema = z.object({
  jobId: z.string().min(1),
  startedAt: z.string(),
  /** The plan's cost, where there was a plan. */
  plannedUsd: z.object({ p50: z.number(), p90: z.number(), onDemand: z.number() }).nullish(),
  notify: z.string().nullish(),
  /** What stopped the job or a shard, in the order of the shards. */
  failures: z.array(failure),
  /** Its ARN, for a link; absent: nobody told. */
  execution: z.string().nullish(),
  /** Of the execution's input, which may be one that was refused. */
  schedule: anyScheduled,
  /** Likewise: the job whose part it is. */
  partOf: anyParent,
  /** Pictures that are none, one for each shard, with the reason. */
  unreadable: z.array(z.string()).nullish(),
  /** How often the execution was redriven: each time it ends anew. */
  redriveCount: z
    .int()
    .min(0)
    .nullish()
    .transform((count) => count ?? 0),
});

export type CloseRequest = z.input<typeof closeRequestSchema>;

type Summary = Pick<
  Receipt,
  | 'jobId'
  | 'status'
  | 'images'
  | 'delivered'
  | 'reused'
  | 'blocked'
  | 'failed'
  | 'usd'
  | 'usdPerImage'
  | 'savingPercent'
  | 'failure'
>;

/** What the states after Close job see: numbers and the message, nothing large. */
export interface ClosedJob extends Summary, Notification {
  readonly report: string;
  readonly notify: string;
  /** Of the failure, for filter policies; `none` where there is none. */
  readonly error: string;
  /** False: the job was closed before; its receipt stands. */
  readonly closedNow: boolean;
  /** The job whose part it is. */
  readonly partOf?: string;
}
