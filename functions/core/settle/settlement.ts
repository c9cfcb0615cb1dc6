import type { QueuedJob } from '../batch-queue.ts';
import { bootSeconds } from '../pick/around-container.ts';
import { requestsUsdPerImage, usdForSeconds } from '../pick/cost-model.ts';
import type { Priced } from '../pick/pick-schema.ts';
import type { RankedRow } from '../pick/ranked-row.ts';
import type { Verdict } from '../shard/classify-end.ts';
import type { Wait } from '../wait/waits.ts';
import type { Used } from './terminated.ts';

/** What one attempt cost, written beside the worker's own record. USD, seconds. */
export interface Settlement {
  readonly version: 1;
  readonly jobId: string;
  readonly shard: number;
  readonly attempt: number;
  readonly pool: string;
  readonly outcome: Verdict['outcome'];
  readonly reason: string;
  /** ISO time; absent: settled by an older version. */
  readonly endedAt?: string;
  /** A reason why the attempt was where it was: a deadline, a pilot, a budget. */
  readonly note?: string;
  /** The container ran this long. */
  readonly seconds: number;
  /** The instance is billed from its boot until Batch ends it: as the pick expected, Batch does not report it. */
  readonly startSeconds: number;
  readonly idleSeconds?: number;
  /** Rendered by this attempt: S3's requests for them are in its cost. Absent: not known. */
  readonly images?: number;
  /** False: EC2 took the instance back in its first hour, expected free (its volume and address are not). */
  readonly billed: boolean;
  readonly usdPerHour: number;
  readonly usd: number;
  readonly onDemandUsd: number;
  readonly batchJobId?: string;
  readonly logStream?: string;
  /** ISO times of the Batch job: of its submit, and of its container. Absent: Batch told none. */
  readonly createdAt?: string;
  readonly startedAt?: string;
  readonly stoppedAt?: string;
  /** Why it waited for an instance, and until when it had none (ISO time). */
  readonly wait?: { readonly sentence: string; readonly until?: string };
  /** The pools among which it was picked, the cheapest image first. */
  readonly ranked?: readonly RankedRow[];
}

type Of = Pick<Settlement, 'jobId' | 'shard' | 'attempt'>;
const hour = 3600;

/** ECS's words for a task that it placed on an instance and could not start. */
const neverStarted = /^Task failed to start|ResourceInitializationError/;

/**
 * Whether an instance booted for the attempt: its container ran, ECS placed it on an instance or gave a reason for its end (an
 * image that could not be pulled), or EC2 took the instance back.
 */
const hadInstance = ({ job, outcome }: Verdict) =>
  Boolean(
    job &&
      (job.StartedAt ||
        job.Container?.Reason ||
        job.Container?.ContainerInstanceArn ||
        neverStarted.test(job.StatusReason ?? '') ||
        outcome === 'SpotInterrupted'),
  );

/** The end that Batch tells. */
function use(pick: Priced, verdict: Verdict): Used & Pick<Settlement, 'billed'> {
  const { job, outcome } = verdict;
  const started = job?.StartedAt ?? 0;
  const seconds = started ? Math.max(0, ((job?.StoppedAt ?? started) - started) / 1000) : 0;
  const booted = hadInstance(verdict);
  const startSeconds = booted ? (pick.bootSeconds ?? bootSeconds) : 0;
  const idleSeconds = booted && outcome !== 'SpotInterrupted' ? (pick.idleSeconds ?? 0) : 0;
  const onInstance = seconds + startSeconds + idleSeconds;
  const age = (pick.hostSeconds ?? 0) + onInstance;
  const billed = !(pick.pool.endsWith('/spot') && outcome === 'SpotInterrupted' && age < hour);
  const usd = usdForSeconds(billed ? pick.usdPerHour : 0, onInstance);
  return { seconds, startSeconds, idleSeconds, billed, usd };
}

interface Known {
  /** Images that the worker's record tells of. */
  readonly images?: number;
  /** What it used, where it was ended from outside: Batch tells nothing more of it. */
  readonly ended?: Used;
  /** The job that was ended from outside, as it was before. */
  readonly queued?: QueuedJob;
  readonly wait?: Wait;
  /** milliseconds since the epoch: when it ended, where Batch does not say so */
  readonly now?: number;
}

const isoTime = (milliseconds: number | null | undefined) =>
  milliseconds ? new Date(milliseconds).toISOString() : undefined;

/** When it was submitted, ran and ended, as far as Batch tells; that it ended is known in any case. */
function timesOf({ job }: Verdict, { queued, now }: Known) {
  const stopped = job?.StoppedAt ?? queued?.stoppedAt;
  return {
    endedAt: isoTime(stopped ?? now),
    createdAt: isoTime(job?.CreatedAt ?? queued?.createdAt),
    startedAt: isoTime(job?.StartedAt ?? queued?.startedAt),
    stoppedAt: isoTime(stopped),
  };
}

export function settle(pick: Priced, verdict: Verdict, of: Of, known: Known = {}): Settlement {
  const { images, ended, wait } = known;
  const { outcome, reason, job } = verdict;
  const used = ended ? { ...ended, billed: true } : use(pick, verdict);
  const { seconds, startSeconds, idleSeconds, billed } = used;
  // A reservation that was spent whole has no seconds of its own: as many as it pays for.
  const onInstance = seconds + startSeconds + idleSeconds || used.usd / usdForSeconds(pick.usdPerHour, 1);
  // `ended` is capped at the reservation, which holds the requests.
  const requestsUsd = ended ? 0 : (images ?? 0) * requestsUsdPerImage;
  return {
    version: 1,
    jobId: of.jobId,
    shard: of.shard,
    attempt: of.attempt,
    pool: pick.pool,
    outcome,
    reason,
    ...(pick.note ? { note: pick.note } : {}),
    seconds,
    startSeconds,
    idleSeconds,
    images,
    billed,
    usdPerHour: pick.usdPerHour,
    usd: used.usd + requestsUsd,
    onDemandUsd: usdForSeconds(pick.onDemandUsdPerHour, onInstance) + requestsUsd,
    batchJobId: job?.JobId,
    logStream: job?.Container?.LogStreamName ?? undefined,
    ...timesOf(verdict, known),
    wait: wait && { sentence: wait.sentence, until: wait.until },
    ranked: pick.ranked,
  };
}

/** Both words on an attempt, for people: why it was there, and how it ended. */
export const describeEnd = ({ note, reason }: Pick<Settlement, 'note' | 'reason'>) =>
  [note, reason].filter(Boolean).join('; ');
