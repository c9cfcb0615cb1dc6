import { type BatchQueue, isWaiting, type QueuedJob } from './core/batch-queue.ts';
import type { Clock } from './core/clock.ts';
import type { ClosedPools } from './core/market/closed-pool.ts';
import { listPools, type Pool, poolId, queueName } from './core/market/pools.ts';
import type { InstanceUse, Quotas } from './core/market/ports.ts';
import { readQuotaUse } from './core/market/read-quota-use.ts';
import { type BatchEvent, jobIdOf, toQueuedJob, waitTriggerSchema } from './core/wait/blocked-queue.ts';
import { cancelReason, closeUntil } from './core/wait/closed-pools.ts';
import { explainEnd, explainWait, neverStarted } from './core/wait/explain-wait.ts';
import { type Look, lookFrom, lookName, nextLookAt, nextWaitAction } from './core/wait/look-again.ts';
import { mayBeQuota, readStatusReason, withQuota } from './core/wait/wait-verdict.ts';
import type { Timers, Wait, Waits } from './core/wait/waits.ts';

export interface ExplainWaitingDeps {
  readonly queue: BatchQueue;
  readonly waits: Waits;
  readonly closedPools: ClosedPools;
  readonly quotas: Quotas;
  readonly instanceUse: Pick<InstanceUse, 'vcpus'>;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
}

export interface Explained {
  readonly action: 'ignored' | 'looks-again' | 'closed-pool' | 'gave-up' | 'ended';
  readonly jobId?: string;
  readonly pool?: string;
  readonly verdict?: string;
  readonly sentence?: string;
  readonly waitedSeconds?: number;
  readonly canceled?: number;
}

/** A job that waits, as it was seen by an event or by a look of ours. */
interface Sighting {
  readonly jobId: string;
  readonly pool: Pool;
  readonly job: QueuedJob;
  /** Absent at the first. */
  readonly before?: Wait;
  /** ISO time, the same in a repeated delivery. */
  readonly at: string;
  readonly byLook: boolean;
}

const ignored: Explained = { action: 'ignored' };

/**
 * Says in one sentence why an attempt waits, told by AWS Batch's events and by a timer that looks again.
 * Lifecycle of a sentence: the first event opens it, another verdict replaces it, the start or the end closes it.
 */
export function makeExplainWaiting(deps: ExplainWaitingDeps) {
  const { queue, waits, closedPools, clock } = deps;
  const pools = listPools(deps.zones, deps.instanceTypes);
  const secondsSince = (since: string, until = clock.now()) =>
    Math.max(0, Math.round((until - Date.parse(since)) / 1000));
  const summary = (wait: Wait) => ({
    jobId: wait.jobId,
    pool: wait.pool,
    verdict: wait.verdict,
    sentence: wait.sentence,
    waitedSeconds: secondsSince(wait.since, wait.until === undefined ? undefined : Date.parse(wait.until)),
  });

  async function explain({ jobId, pool, job, before, at, byLook }: Sighting) {
    const said = readStatusReason(job.statusReason);
    // A start takes minutes: a quota is asked for only where something is wrong.
    const isEarly = said.kind === 'scaling' && !byLook;
    const quota = mayBeQuota(said) && !isEarly ? await readQuotaUse(pool, deps) : undefined;
    const verdict = withQuota(said, quota);
    const since = before?.since ?? new Date(job.createdAt ?? Date.parse(at)).toISOString();
    const facts = { pool: poolId(pool), minutes: Math.floor(secondsSince(since) / 60), quota };
    const sentence = explainWait(verdict, facts);
    const wait: Wait = { jobId, jobName: job.jobName, pool: facts.pool, verdict: verdict.name, sentence, since, at };
    return { verdict, wait };
  }

  /** Everything is done before it is written: a retry after a crash finds the old state and does it all again. */
  async function follow(sighting: Sighting): Promise<Explained> {
    const { job, before, byLook } = sighting;
    const { verdict, wait } = await explain(sighting);
    const same = before?.verdict === wait.verdict;
    switch (nextWaitAction(verdict, same && byLook)) {
      case 'close-pool': {
        const closed = { pool: wait.pool, until: closeUntil(clock.now()) };
        await closedPools.close(closed);
        const canceled = await queue.cancelWaiting(job.queue, cancelReason(closed));
        await waits.write(wait);
        return { action: 'closed-pool', ...summary(wait), canceled };
      }
      case 'give-up':
        await queue.cancel(job.id, `${neverStarted}${wait.sentence}`);
        return { action: 'gave-up', ...summary(wait), canceled: 1 };
      case 'look-again': {
        if (same && !byLook) return ignored; // has its timer
        const { jobId, jobName, pool, at } = wait;
        const look: Look = { batchJobId: job.id, jobId, jobName, pool, verdict: wait.verdict, at };
        await deps.timers.set(lookName(look), lookFrom(clock.now()), { look });
        await waits.write(wait);
        return { action: 'looks-again', ...summary(wait) };
      }
    }
  }

  /** The sentence stays, with the time at which it was over. */
  async function end(wait: Wait, job: QueuedJob | undefined): Promise<Explained> {
    const last = job?.status === 'FAILED' ? explainEnd(job.statusReason, wait.pool) : undefined;
    const ended = { ...wait, ...last, until: new Date(job?.startedAt ?? clock.now()).toISOString() };
    return (await waits.write(ended)) ? { action: 'ended', ...summary(ended) } : ignored;
  }

  async function hear(event: BatchEvent): Promise<Explained> {
    const told = toQueuedJob(event);
    const jobId = jobIdOf(event);
    const pool = pools.find((candidate) => queueName(candidate) === told.queue);
    if (!pool || !jobId) return ignored; // not ours
    const before = await waits.find(jobId, told.jobName);
    if (before?.until) return ignored; // late
    const blocked = event['detail-type'] === 'Batch Job Queue Blocked';
    // What cancels jobs goes by the job as it is now: the event may come twice, or after the start.
    const now = blocked ? await queue.describe(told.id) : told;
    if (!now || !isWaiting(now)) return before ? end(before, now) : ignored;
    const job = { ...now, statusReason: now.statusReason || told.statusReason };
    if (before && !job.statusReason) return ignored; // knows less than what stands there
    return follow({ jobId, pool, job, before, at: event.time, byLook: false });
  }

  async function look({ batchJobId, jobId, jobName, ...doubted }: Look): Promise<Explained> {
    const before = await waits.find(jobId, jobName);
    // Another verdict came since, with a timer of its own.
    if (!before || before.until || before.verdict !== doubted.verdict || before.at !== doubted.at) return ignored;
    const job = await queue.describe(batchJobId);
    if (!job || !isWaiting(job)) return end(before, job);
    const pool = pools.find((candidate) => poolId(candidate) === doubted.pool);
    if (!pool) return ignored; // no longer deployed
    return follow({ jobId, pool, job, before, at: nextLookAt(before.at), byLook: true });
  }

  return async (event: unknown): Promise<Explained> => {
    const trigger = waitTriggerSchema.parse(event);
    return 'look' in trigger ? look(trigger.look) : hear(trigger);
  };
}
