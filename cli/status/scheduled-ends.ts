import pMap from 'p-map';
import type { ScheduledEnd } from '../../functions/core/receipt/failing-schedules.ts';
import type { Target } from '../target/target.ts';
import { type EndedJob, readEndedJob } from './ended-job.ts';
import { listJobs } from './list-jobs.ts';

/** Of the jobs that ended, those that a schedule started. */
export const toScheduledEnds = (ended: readonly EndedJob[]): readonly ScheduledEnd[] =>
  ended.flatMap(({ receipt }) => {
    const { schedule, jobId, status, failure } = receipt ?? {};
    return schedule && jobId && status ? [{ jobId, schedule, status, failure }] : [];
  });

export async function readScheduledEnds(target: Target): Promise<readonly ScheduledEnd[]> {
  const { ended } = await listJobs(target);
  const ends = await pMap(ended, (jobId) => readEndedJob(target, jobId), { concurrency: 16 });
  return toScheduledEnds(ends.flatMap((end) => end ?? []));
}
