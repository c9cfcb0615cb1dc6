import { type BatchJob, isEnded } from './job.ts';

/** What is to happen to a job later. Nothing of it happens to a job that has ended. */
export interface JobTimers {
  after(job: BatchJob, milliseconds: number, act: () => void): void;
  clear(job: BatchJob): void;
  clearAll(): void;
}

export function makeJobTimers(): JobTimers {
  const pending = new Map<BatchJob, Set<NodeJS.Timeout>>();
  const clear = (job: BatchJob) => {
    for (const timer of pending.get(job) ?? []) clearTimeout(timer);
    pending.delete(job);
  };
  return {
    after: (job, milliseconds, act) => {
      const timers = pending.get(job) ?? new Set();
      pending.set(job, timers);
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!isEnded(job)) act();
      }, milliseconds);
      timers.add(timer);
    },
    clear,
    clearAll: () => {
      for (const job of pending.keys()) clear(job);
    },
  };
}
