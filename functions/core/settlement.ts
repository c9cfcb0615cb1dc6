import type { Verdict } from './classify-end.ts';
import type { SettledPick } from './pick-schema.ts';
import { bootSeconds, extrasUsdPerHour } from './quote.ts';

/** What one attempt cost, written by Settle attempt beside the worker's own record. USD, seconds. */
export interface Settlement {
  readonly version: 1;
  readonly jobId: string;
  readonly shard: number;
  readonly attempt: number;
  readonly pool: string;
  readonly outcome: Verdict['outcome'];
  readonly reason: string;
  /** The container ran this long. */
  readonly seconds: number;
  /** The instance is billed from its boot: assumed, Batch does not report it. */
  readonly startSeconds: number;
  /** False: EC2 took the instance back in its first hour, expected free (its volume and address are not). */
  readonly billed: boolean;
  readonly usdPerHour: number;
  readonly usd: number;
  readonly onDemandUsd: number;
  readonly batchJobId?: string;
  readonly logStream?: string;
}

const hour = 3600;

export function settle(
  pick: SettledPick,
  verdict: Verdict,
  of: { readonly jobId: string; readonly shard: number; readonly attempt: number },
): Settlement {
  const job = verdict.job;
  const started = job?.StartedAt ?? 0;
  const seconds = started ? Math.max(0, ((job?.StoppedAt ?? started) - started) / 1000) : 0;
  const startSeconds = started ? bootSeconds : 0;
  const onInstance = seconds + startSeconds;
  const spot = pick.pool.endsWith('/spot');
  const billed = !(spot && verdict.outcome === 'SpotInterrupted' && onInstance < hour);
  const cost = (usdPerHour: number) => (usdPerHour * onInstance) / hour;
  return {
    version: 1,
    jobId: of.jobId,
    shard: of.shard,
    attempt: of.attempt,
    pool: pick.pool,
    outcome: verdict.outcome,
    reason: verdict.reason,
    seconds,
    startSeconds,
    billed,
    usdPerHour: pick.usdPerHour,
    usd: verdict.mayHaveRun ? pick.worstUsd : cost((billed ? pick.usdPerHour : 0) + extrasUsdPerHour),
    onDemandUsd: cost(pick.onDemandUsdPerHour + extrasUsdPerHour),
    batchJobId: job?.JobId,
    logStream: job?.Container?.LogStreamName ?? undefined,
  };
}
