import type { Failure } from './receipt.ts';

/** The end of a job that a schedule started. */
export interface ScheduledEnd {
  readonly jobId: string;
  readonly schedule: { readonly name: string; readonly time: string };
  readonly status: 'delivered' | 'failed';
  readonly failure?: Failure;
}

export interface FailingSchedule {
  readonly name: string;
  /** Failures in a row, the newest included. */
  readonly times: number;
  readonly lastJobId: string;
  readonly failure?: Failure;
}

/** A failed night may be bad luck; two in a row are told. */
const told = 2;

export const newestFirst = (ends: readonly ScheduledEnd[]) =>
  ends.toSorted((a, b) => (a.schedule.time < b.schedule.time ? 1 : -1));

/** Schedules whose last jobs failed, twice or more. */
export function findFailing(ends: readonly ScheduledEnd[]): readonly FailingSchedule[] {
  return [...Map.groupBy(ends, ({ schedule }) => schedule.name)].flatMap(([name, all]) => {
    const newest = newestFirst(all);
    const first = newest.findIndex(({ status }) => status === 'delivered');
    const times = first < 0 ? newest.length : first;
    const [last] = newest;
    return last && times >= told ? [{ name, times, lastJobId: last.jobId, failure: last.failure }] : [];
  });
}
