import pMap from 'p-map';
import { findFailing } from '../../functions/core/receipt/failing-schedules.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { openLocalTargets } from '../target/local-target.ts';
import { openTarget } from '../target/open-target.ts';
import { statusOf, type Target } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { type EndedJob, readEndedJob } from './ended-job.ts';
import { listJobs } from './list-jobs.ts';
import { openPorts } from './ports.ts';
import { readRunningJob } from './running-job.ts';
import { toScheduledEnds } from './scheduled-ends.ts';
import { endedLines, runningLines, type StatusReport, statusLines } from './status-lines.ts';

/** Of those that ended, as many are shown. */
const mostShown = 10;

const newestFirst = (a: EndedJob, b: EndedJob) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1);

/** Workflows on one state folder share its jobs that ended: each of these is read once. */
async function readAll(targets: readonly Target[]): Promise<StatusReport> {
  const seen = new Set<string>();
  const found = await pMap(targets, async (target) => {
    const { running, ended } = await listJobs(target);
    const ports = openPorts(target);
    const mine = ended.filter((jobId) => !seen.has(jobId));
    for (const jobId of mine) seen.add(jobId);
    return {
      running: await pMap(running, (jobId) => readRunningJob(ports, jobId, Date.now()), { concurrency: 4 }),
      ended: await pMap(mine, (jobId) => readEndedJob(target, jobId), { concurrency: 16 }),
    };
  });
  const running = found.flatMap((one) => one.running);
  const known = found.flatMap(({ ended }) => ended.flatMap((end) => end ?? []));
  const ended = known.filter(({ jobId }) => !running.some((job) => job.jobId === jobId)).toSorted(newestFirst);
  return { running, ended: ended.slice(0, mostShown), failing: findFailing(toScheduledEnds(known)) };
}

async function readOne(target: Target, jobId: string): Promise<{ object: object; lines: readonly string[] }> {
  if ((await statusOf(target, jobId)) === 'RUNNING') {
    const job = await readRunningJob(openPorts(target), jobId, Date.now());
    return { object: { ...job, state: 'running' }, lines: runningLines(job) };
  }
  const job = await readEndedJob(target, jobId);
  if (!job) {
    throw new PlainProblem(
      `Expected the name of a job, found nothing of \`${jobId}\`. \`npm start -- status${target.flags}\` lists them.`,
    );
  }
  return { object: { ...job, state: 'ended' }, lines: endedLines(job, target.flags) };
}

async function withTargets<T>(targets: readonly Target[], use: (targets: readonly Target[]) => Promise<T>): Promise<T> {
  try {
    return await use(targets);
  } finally {
    for (const target of targets) await target.close();
  }
}

/** `status [JOB]`: how far jobs are, and why they wait. Changes nothing. */
export async function status({ json, ...place }: PlaceFlags, jobId?: string): Promise<number> {
  const all = place.stack === undefined && jobId === undefined;
  const targets = all
    ? await openLocalTargets({ command: 'status', ...place })
    : [await openTarget({ command: 'status', ...place }, jobId)];
  return withTargets(targets, async ([target]) => {
    if (jobId !== undefined && target) {
      const { object, lines } = await readOne(target, jobId);
      answer(json, object, lines);
      return 0;
    }
    const report = await readAll(targets);
    answer(json, report, statusLines(report));
    return 0;
  });
}
