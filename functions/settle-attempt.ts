import { z } from 'zod';
import type { BatchQueue } from './core/batch-queue.ts';
import type { Clock } from './core/clock.ts';
import type { Learned } from './core/learn/learned.ts';
import { pickSchema, type SettledPick } from './core/pick/pick-schema.ts';
import { goneAt } from './core/pick/slot-wait.ts';
import { parseShard } from './core/plan/shard-schema.ts';
import type { Failure } from './core/receipt/receipt.ts';
import { type AttemptRecord, parseAttemptRecord } from './core/settle/attempt-record.ts';
import { explainStop, type StopFacts } from './core/settle/explain-stop.ts';
import { keepSettlement } from './core/settle/keep-settlement.ts';
import type { Ledger } from './core/settle/ledger.ts';
import { toLesson } from './core/settle/lesson-of-attempt.ts';
import { type Settlement, settle } from './core/settle/settlement.ts';
import { terminatedUse } from './core/settle/terminated.ts';
import { readUndelivered } from './core/settle/undelivered.ts';
import { withWorkersWords } from './core/settle/workers-words.ts';
import { attemptName, type Tried } from './core/shard/attempt.ts';
import { batchJobSchema } from './core/shard/batch-job.ts';
import { classifyEnd, type Verdict } from './core/shard/classify-end.ts';
import { type NextStep, nextStep } from './core/shard/next-step.ts';
import { eventsLeft } from './core/shard/patience.ts';
import { type Pause, pauseNumber } from './core/shard/pause.ts';
import { triedSchema } from './core/shard/tried-schema.ts';
import type { Slots } from './core/slots/slot-request.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { attemptKey, jobKey, pauseKey, shardKey } from './core/storage/keys.ts';
import { batchJobLink, logStreamLink } from './core/tell/console-links.ts';
import { roundUsd } from './core/usd.ts';
import type { Waits } from './core/wait/waits.ts';

const eventSchema = z.object({
  jobId: z.string(),
  shard: z.int().min(0),
  attempt: z.int().min(1),
  tried: triedSchema,
  pick: pickSchema.nullish(),
  /** Of the job. Absent in an execution that began before this was deployed. */
  shards: z.int().min(1).default(1),
  /** ISO time; absent: the job has no deadline. */
  readyBy: z.string().nullish(),
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
  readonly slots: Slots;
  readonly learned: Learned;
  readonly queue: BatchQueue;
  readonly waits: Pick<Waits, 'find'>;
  readonly clock: Clock;
  readonly region: string;
  /** from 0 to 1 */
  readonly random: () => number;
  /** Shortens the waits of the local mode; 1 on AWS. */
  readonly timeScale: number;
  /** The local mode: nothing is learned from the times of this machine. */
  readonly simulated?: boolean;
}

export interface SettleAttemptResult {
  /** The number of the next attempt. */
  readonly attempt: number;
  readonly tried: NextStep['tried'];
  /** What a person sees in the console. */
  readonly step: {
    readonly outcome: string;
    readonly pool: string;
    readonly images: number;
    readonly seconds: number;
    readonly usd: number;
    readonly reason: string;
    readonly action: NextStep['action'];
    readonly waitSeconds: number;
    /** The console's pages of the Batch job; absent: there was none, or it ran on this machine. */
    readonly log?: string;
    readonly batchJob?: string;
  };
  /** Why the shard stops, if it does. */
  readonly failures: readonly Failure[];
}

type Of = Pick<Settlement, 'jobId' | 'shard' | 'attempt'>;

/** Says what the end of an attempt means, records what it cost, frees its reservation and slot, learns from it, and decides where to go. */
export function makeSettleAttempt(deps: SettleAttemptDeps) {
  const { bucket, clock, timeScale, region } = deps;

  function linksOf({ batchJobId, logStream }: Partial<Settlement>) {
    if (deps.simulated) return {};
    return {
      ...(logStream ? { log: logStreamLink(region, logStream) } : {}),
      ...(batchJobId ? { batchJob: batchJobLink(region, batchJobId) } : {}),
    };
  }

  async function settleNow(verdict: Verdict, of: Of, pick: SettledPick, images?: number): Promise<Settlement> {
    const wait = await deps.waits.find(of.jobId, pick.jobName);
    const now = clock.now();
    if (verdict.job) return settle(pick, verdict, of, { images, now, wait });
    // After a timeout Step Functions names no job; one that still runs must not outlive its reservation.
    const job = await deps.queue.terminate(pick.queue, pick.jobName, verdict.outcome);
    const ended = job || verdict.mayHaveRun ? terminatedUse(pick, job, now) : undefined;
    return settle(pick, verdict, of, { images, ended, now, queued: job, wait });
  }

  async function learn(verdict: Verdict, settlement: Settlement, pick: SettledPick, record?: AttemptRecord) {
    const made = record?.images.length ? await bucket.read(shardKey(settlement.jobId, settlement.shard)) : undefined;
    const shard = made === undefined ? undefined : parseShard(made);
    const { jobName, hostSeconds } = pick;
    const simulated = deps.simulated ?? false;
    await deps.learned.add(
      toLesson({ settlement, jobName, hostSeconds, verdict, record, shard, now: clock.now(), simulated }),
    );
  }

  async function record(verdict: Verdict, of: Of, pick: SettledPick, said?: AttemptRecord): Promise<Settlement> {
    const settlement = await keepSettlement(bucket, await settleNow(verdict, of, pick, said?.images.length));
    await deps.ledger.settle(of.jobId, pick.jobName, settlement.usd);
    await deps.slots.free(
      pick.jobName,
      goneAt({ ...settlement, hostSeconds: pick.hostSeconds }, clock.now(), timeScale),
    );
    await learn(verdict, settlement, pick, said);
    return settlement;
  }

  /** A shard waits; the report says why. */
  async function keepPause({ jobId, shard }: Of, tried: Tried, { waitSeconds }: NextStep, reason: string) {
    const from = new Date(clock.now()).toISOString();
    const pause: Pause = { version: 1, shard, from, seconds: waitSeconds * timeScale, reason };
    await bucket.writeOnce(pauseKey(jobId, shard, pauseNumber(tried)), JSON.stringify(pause));
  }

  /** Pick spot pool may have taken a slot and a reservation before it failed for good; nothing runs for them. */
  async function release({ jobId, shard, attempt }: Of): Promise<void> {
    const jobName = attemptName(jobId, shard, attempt);
    await deps.ledger.settle(jobId, jobName, 0);
    await deps.slots.free(jobName, clock.now());
  }

  async function toFailure({ outcome, reason }: Verdict, of: Of, why: StopFacts): Promise<Failure> {
    const tried = await readUndelivered(bucket, of);
    const isAboutPools = outcome === 'NoSpotCapacity' || tried.length > 1 || why.isSpent;
    return { error: outcome, cause: isAboutPools ? explainStop(reason, tried, why) : reason };
  }

  return async (event: unknown): Promise<SettleAttemptResult> => {
    const { jobId, shard, attempt, tried, pick, end, shards, readyBy } = eventSchema.parse(event);
    const of = { jobId, shard, attempt };
    const said = pick ? parseAttemptRecord((await bucket.read(attemptKey(jobId, shard, attempt))) ?? '') : undefined;
    const verdict = withWorkersWords(classifyEnd(end), said);
    const secondsLeft = readyBy ? (Date.parse(readyBy) - clock.now()) / 1000 : undefined;
    const isDone = verdict.outcome === 'Succeeded';
    const events = isDone ? 'plenty' : eventsLeft(shards, await bucket.list(jobKey(jobId, 'attempts/')));
    const circumstances = { pool: pick?.pool, jitter: deps.random(), events, secondsLeft };
    const next = nextStep(verdict, tried, circumstances);
    const settlement = pick && (await record(verdict, of, pick, said));
    if (!pick && next.action === 'stop') await release(of);
    const { outcome, reason } = verdict;
    if (next.action === 'wait') await keepPause(of, tried, next, reason);
    const late = readyBy && !pick && secondsLeft !== undefined && secondsLeft <= 0 ? readyBy : undefined;
    return {
      attempt: pick ? attempt + 1 : attempt,
      tried: next.tried,
      step: {
        outcome,
        pool: pick?.pool ?? 'none',
        images: settlement?.images ?? 0,
        seconds: Number((settlement?.seconds ?? 0).toFixed(1)),
        usd: roundUsd(settlement?.usd ?? 0),
        reason,
        action: next.action,
        waitSeconds: Math.ceil(next.waitSeconds * timeScale),
        ...linksOf(settlement ?? {}),
      },
      failures: next.action === 'stop' ? [await toFailure(verdict, of, { late, isSpent: events === 'none' })] : [],
    };
  };
}
