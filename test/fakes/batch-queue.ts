import type { BatchQueue } from '../../functions/core/ports.ts';

export interface QueuedJob {
  readonly queue: string;
  readonly jobName: string;
}

export interface FakeQueue extends BatchQueue {
  /** Calls of `terminate`, those that found nothing included. */
  readonly asked: readonly (QueuedJob & { readonly reason: string })[];
}

/** @param running jobs that are not over; terminated once */
export function makeFakeQueue(running: readonly QueuedJob[] = []): FakeQueue {
  const left = [...running];
  const asked: (QueuedJob & { reason: string })[] = [];
  return {
    asked,
    terminate: async (queue, jobName, reason) => {
      if (!queue || !jobName || !reason) throw new TypeError('Expected a queue, a job name and a reason');
      asked.push({ queue, jobName, reason });
      const index = left.findIndex((job) => job.queue === queue && job.jobName === jobName);
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    },
  };
}
