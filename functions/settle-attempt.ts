import { z } from 'zod';
import { parseAttemptRecord } from './core/attempt-record.ts';
import { batchJobSchema } from './core/batch-job.ts';
import { classifyEnd, type Verdict } from './core/classify-end.ts';
import { attemptKey, settlementKey } from './core/keys.ts';
import { type NextStep, nextStep } from './core/next-step.ts';
import { pickSchema, type SettledPick } from './core/pick-schema.ts';
import type { BatchQueue, Bucket, Ledger } from './core/ports.ts';
import type { Failure } from './core/receipt.ts';
import { settle } from './core/settlement.ts';
import { triedSchema } from './core/tried-schema.ts';

const eventSchema = z.object({
  jobId: z.string(),
  shard: z.int().min(0),
  attempt: z.int().min(1),
  tried: triedSchema,
  pick: pickSchema.nullish(),
  end: z.object({
    stage: z.enum(['pick', 'run']),
    error: z.string().optional(),
    cause: z.string().optional(),
    job: batchJobSchema.optional(),
  }),
});

export interface SettleAttemptDeps {
  readonly bucket: Bucket;
  readonly ledger: Ledger;
  readonly queue: BatchQueue;
  /** from 0 to 1 */
  readonly random: () => number;
  /** Shortens the waits of the local mode; 1 on AWS. */
  readonly timeScale: number;
}

/** Longer reasons would let the results of 200 shards pass the 256 KiB of a state. */
const longestReason = 600;

export interface SettleAttemptResult {
  /** The number of the next attempt. */
  readonly attempt: number;
  readonly tried: NextStep['tried'];
  /** What a person sees in the console. */
  readonly step: {
    readonly action: NextStep['action'];
    readonly waitSeconds: number;
    readonly outcome: string;
    readonly reason: string;
    readonly pool: string;
    readonly seconds: number;
    readonly usd: number;
  };
  /** Why the shard stops, if it does. */
  readonly failures: readonly Failure[];
}

/** Says what the end of an attempt means, records what it cost, frees its reservation, and decides where to go. */
export function makeSettleAttempt(deps: SettleAttemptDeps) {
  async function record(
    verdict: Verdict,
    attempt: { jobId: string; shard: number; attempt: number },
    pick: SettledPick,
  ) {
    // After a timeout Step Functions names no job; one that still runs must not outlive its reservation.
    if (!verdict.job) await deps.queue.terminate(pick.queue, pick.jobName, verdict.outcome);
    const settlement = settle(pick, verdict, attempt);
    await deps.bucket.write(settlementKey(attempt.jobId, attempt.shard, attempt.attempt), JSON.stringify(settlement));
    await deps.ledger.settle(attempt.jobId, pick.jobName, settlement.usd);
    return settlement;
  }

  /** The worker's own words say more than its exit code. */
  async function explain(verdict: Verdict, key: string): Promise<Verdict> {
    const text = verdict.outcome === 'Succeeded' ? undefined : await deps.bucket.read(key);
    const said = text && parseAttemptRecord(text)?.message;
    return { ...verdict, reason: (said || verdict.reason).replaceAll(/\s+/g, ' ').slice(0, longestReason) };
  }

  return async (event: unknown): Promise<SettleAttemptResult> => {
    const { jobId, shard, attempt, tried, pick, end } = eventSchema.parse(event);
    const verdict = await explain(classifyEnd(end), attemptKey(jobId, shard, attempt));
    const next = nextStep(verdict, tried, pick?.pool, deps.random());
    const settlement = pick && (await record(verdict, { jobId, shard, attempt }, pick));
    const { outcome, reason } = verdict;
    return {
      attempt: pick ? attempt + 1 : attempt,
      tried: next.tried,
      step: {
        action: next.action,
        waitSeconds: Math.ceil(next.waitSeconds * deps.timeScale),
        outcome,
        reason,
        pool: pick?.pool ?? 'none',
        seconds: settlement?.seconds ?? 0,
        usd: settlement?.usd ?? 0,
      },
      failures: next.action === 'stop' ? [{ error: outcome, cause: reason }] : [],
    };
  };
}
