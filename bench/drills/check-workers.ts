import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobDetail } from '@aws-sdk/client-batch';
import { describeJobs } from './describe-jobs.ts';
import type { Finding } from './findings.ts';
import type { Passed } from './storm.ts';
import { struckPhase } from './struck-phase.ts';

export interface WorkerFigures {
  /** Images that were rendered beside the one that is in the bucket. */
  readonly renderedTwice: number;
  /** Those that were in flight in a worker that was killed, or lost with its host. */
  readonly allowedTwice: number;
  /** How many workers were struck in which part of their work. */
  readonly struckIn: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** More are never on their way in one worker: 2 batches of 4 (`finish.py`) and 16 pictures before their upload (`upload.py`). */
const mostInFlight = 24;

/** Holds the Batch jobs against their logs and against what the bucket took from them. */
export async function checkWorkers({ stage, witness }: Passed): Promise<WorkerFigures> {
  const findings: Finding[] = [];
  const struckIn: Record<string, number> = {};
  const twice = { rendered: 0, allowed: 0 };
  for (const [name, ids] of witness.submitted) {
    const jobs = await describeJobs(stage.batch, ids);
    // Each run of an attempt begins the log anew: it is that of the last.
    const log = await readFile(join(stage.stateDir, 'logs', `${name}.log`), 'utf8').catch(() => '');
    findings.push(...checkEnds(name, jobs));
    for (const phase of jobs.flatMap((job) => struckPhase(job, log) ?? []))
      struckIn[phase] = (struckIn[phase] ?? 0) + 1;
    const last = jobs.findLast((job) => job.startedAt !== undefined);
    const again = Math.max(0, countRendered(log) - (witness.stored.get(last?.jobId ?? '')?.size ?? 0));
    if (!last || !again) continue;
    twice.rendered += again;
    if (wasKilled(last)) twice.allowed += Math.min(again, mostInFlight);
    else findings.push({ what: 'renderedTwice', where: name, text: `rendered ${again} images in vain` });
  }
  return { renderedTwice: twice.rendered, allowedTwice: twice.allowed, struckIn, findings };
}

function checkEnds(where: string, jobs: readonly JobDetail[]): readonly Finding[] {
  const begun = jobs.filter((job) => job.startedAt !== undefined).length;
  const open = jobs.filter((job) => job.status !== 'SUCCEEDED' && job.status !== 'FAILED');
  return [
    ...open.map(({ jobId, status }) => ({ where, what: 'orphans' as const, text: `Batch job ${jobId} is ${status}` })),
    ...(begun > 1 ? [{ where, what: 'duplicated' as const, text: `ran ${begun} times, is billed once` }] : []),
  ];
}

const wasKilled = ({ container, statusReason }: JobDetail) =>
  container?.exitCode === 137 || statusReason?.startsWith('Host EC2') === true;

/** By the worker's own lines. */
const countRendered = (log: string) =>
  [...log.matchAll(/"message": ?"Rendered (\d+), handed over/g)].reduce((sum, [, count]) => sum + Number(count), 0);

/** Processes that were given this endpoint, by the environment that Linux shows of them. */
export async function findProcesses(endpoint: string): Promise<readonly Finding[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found: Finding[] = [];
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`AWS_ENDPOINT_URL=${endpoint}`)) continue;
    found.push({ what: 'orphans', where: `process ${pid}`, text: 'a worker that still runs' });
  }
  return found;
}
