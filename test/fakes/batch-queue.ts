import { type BatchQueue, isOver, isWaiting, type QueuedJob } from '../../functions/core/batch-queue.ts';

/** A job that Batch finds by its name; it runs, unless something else is said. */
export interface NamedJob extends Partial<QueuedJob> {
  readonly queue: string;
  readonly jobName: string;
}

export interface FakeQueue extends BatchQueue {
  /** Calls of `terminate`, those that found nothing included. */
  readonly asked: readonly { readonly queue: string; readonly jobName: string; readonly reason: string }[];
  /** What Batch knows by id, as it is now. */
  readonly jobs: Map<string, QueuedJob>;
  /** Jobs that were cancelled, with the reason. */
  readonly canceled: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * @param named jobs that `terminate` finds
 * @param jobs jobs that Batch describes; those that wait can be cancelled
 */
export function makeFakeQueue(named: readonly NamedJob[] = [], jobs: readonly QueuedJob[] = []): FakeQueue {
  const found = named.map(
    (job): QueuedJob => ({ id: `id of ${job.jobName}`, status: 'RUNNING', statusReason: '', ...job }),
  );
  const asked: { queue: string; jobName: string; reason: string }[] = [];
  const known = new Map(jobs.map((job) => [job.id, job]));
  const canceled: { id: string; reason: string }[] = [];
  const cancel = async (id: string, reason: string) => {
    if (!id || !reason) throw new TypeError('Expected a job id and a reason');
    const job = known.get(id);
    if (!job || !isWaiting(job)) return;
    known.set(id, { ...job, status: 'FAILED', statusReason: reason });
    canceled.push({ id, reason });
  };
  return {
    asked,
    jobs: known,
    canceled,
    terminate: async (queue, jobName, reason) => {
      if (!queue || !jobName || !reason) throw new TypeError('Expected a queue, a job name and a reason');
      asked.push({ queue, jobName, reason });
      const index = found.findIndex((job) => job.queue === queue && job.jobName === jobName);
      const job = found[index];
      if (job && !isOver(job)) found[index] = { ...job, status: 'FAILED', statusReason: reason };
      return job;
    },
    find: async (queue, jobName) => found.find((job) => job.queue === queue && job.jobName === jobName),
    describe: async (id) => known.get(id),
    cancel,
    cancelWaiting: async (queue, reason) => {
      const waiting = [...known.values()].filter((job) => job.queue === queue && isWaiting(job));
      for (const { id } of waiting) await cancel(id, reason);
      return waiting.length;
    },
  };
}
