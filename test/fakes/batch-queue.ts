import { isWaiting } from '../../functions/core/blocked-queue.ts';
import type { BatchQueue, QueuedJob } from '../../functions/core/ports.ts';

export interface RunningJob {
  readonly queue: string;
  readonly jobName: string;
}

export interface FakeQueue extends BatchQueue {
  /** Calls of `terminate`, those that found nothing included. */
  readonly asked: readonly (RunningJob & { readonly reason: string })[];
  /** What Batch knows by id, as it is now. */
  readonly jobs: Map<string, QueuedJob>;
  /** Jobs that were cancelled, with the reason. */
  readonly canceled: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * @param running jobs that are not over, terminated once
 * @param jobs jobs that Batch describes; those that wait can be cancelled
 */
export function makeFakeQueue(running: readonly RunningJob[] = [], jobs: readonly QueuedJob[] = []): FakeQueue {
  const left = [...running];
  const asked: (RunningJob & { reason: string })[] = [];
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
      const index = left.findIndex((job) => job.queue === queue && job.jobName === jobName);
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    },
    describe: async (id) => known.get(id),
    cancel,
    cancelWaiting: async (queue, reason) => {
      const waiting = [...known.values()].filter((job) => job.queue === queue && isWaiting(job));
      for (const { id } of waiting) await cancel(id, reason);
      return waiting.length;
    },
  };
}
