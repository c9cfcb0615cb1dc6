import { isOver, isWaiting, type QueuedJob } from '../batch-queue.ts';
import type { QuotaUse } from '../market/quotas.ts';
import { explainWait } from '../wait/explain-wait.ts';
import { isDoubtful, kindOfVerdict, readStatusReason, type WaitVerdict, withQuota } from '../wait/wait-verdict.ts';
import type { Wait } from '../wait/waits.ts';
import type { AttemptProgress } from './attempt-progress.ts';

/** What is known of an attempt that is not settled. */
export interface AttemptFacts {
  /** id of the pool */
  readonly pool: string;
  /** As AWS Batch has it now; undefined: not yet, or forgotten. */
  readonly job?: QueuedJob;
  /** What Explain waiting wrote; absent: no event came. */
  readonly wait?: Wait;
  /** Absent: nobody asked. */
  readonly quota?: QuotaUse;
  readonly progress?: AttemptProgress;
  /** milliseconds since the epoch */
  readonly now: number;
}

export type Stage = WaitVerdict['kind'] | 'submitted' | 'pulling' | 'loading' | 'rendering' | 'settling';

export interface AttemptView {
  readonly stage: Stage;
  readonly pool: string;
  /** To be read after "waits 7 min: ". */
  readonly sentence: string;
  /** It has no pictures to show for its time yet. */
  readonly waits: boolean;
  /** In this stage, as far as it is known. */
  readonly seconds: number;
}

const once = ' (Batch said so once, and may be wrong while an instance starts)';

const secondsSince = (from: number | undefined, now: number) =>
  from === undefined ? 0 : Math.max(0, Math.round((now - from) / 1000));

/**
 * A verdict of Batch is never passed on after one look: the facts of the quota are said first, then what Explain waiting saw,
 * and what only this look saw is marked so.
 */
function describeWaiting({ pool, wait, quota, now }: AttemptFacts, job: QueuedJob): AttemptView {
  const seconds = secondsSince(job.createdAt, now);
  const seen = withQuota(readStatusReason(job.statusReason), quota);
  const facts = { pool, minutes: Math.floor(seconds / 60), quota };
  const isQuota = seen.kind === 'quota-zero' || seen.kind === 'quota-full';
  const standing = wait && wait.until === undefined ? wait : undefined;
  const kind = standing && !isQuota && !job.statusReason ? kindOfVerdict(standing.verdict) : seen.kind;
  const said = kind === seen.kind ? explainWait(seen, facts) : (standing?.sentence ?? '');
  // A capacity verdict that stands in the ledger has closed the pool.
  const doubt = isDoubtful(kind) ? once : kind === 'capacity' && !standing ? ' (seen once, by this look)' : '';
  return { stage: kind, pool, sentence: `${said}${doubt}`, waits: true, seconds };
}

function describeRunning({ pool, progress, now }: AttemptFacts, job: QueuedJob): AttemptView {
  const seconds = secondsSince(job.startedAt ?? job.createdAt, now);
  if (job.status === 'STARTING') {
    return { stage: 'pulling', pool, sentence: `the container's image is pulled in ${pool}`, waits: true, seconds };
  }
  if (!progress) {
    const sentence = `the weights are loaded, or its first images made, in ${pool}`;
    return { stage: 'loading', pool, sentence, waits: true, seconds };
  }
  const { done, total, imagesPerSecond } = progress;
  const pace = imagesPerSecond ? `, ${imagesPerSecond} images/s` : '';
  return { stage: 'rendering', pool, sentence: `${done} of ${total} images in ${pool}${pace}`, waits: false, seconds };
}

/** Where an attempt is, in one sentence. */
export function describeAttempt(facts: AttemptFacts): AttemptView {
  const { pool, job, now } = facts;
  if (!job) return { stage: 'submitted', pool, sentence: `it was just given to ${pool}`, waits: true, seconds: 0 };
  if (isWaiting(job)) return describeWaiting(facts, job);
  if (!isOver(job)) return describeRunning(facts, job);
  const sentence = `its attempt in ${pool} is over and being settled`;
  return { stage: 'settling', pool, sentence, waits: false, seconds: secondsSince(job.stoppedAt, now) };
}
