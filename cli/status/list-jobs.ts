import { paginateListExecutions } from '@aws-sdk/client-sfn';
import { listJobNames } from '../target/job-names.ts';
import { listRunning, type Target } from '../target/target.ts';

export interface JobNames {
  readonly running: readonly string[];
  /** The newest first, where the order is known. */
  readonly ended: readonly string[];
}

/** As many of the ended are looked at, whoever started them: each has a receipt to read. */
export const mostEnded = 100;

/** The newest first. */
async function listNewest(target: Target, most: number) {
  const names: { readonly name: string; readonly status: string }[] = [];
  const request = { stateMachineArn: target.stateMachineArn };
  for await (const { executions = [] } of paginateListExecutions({ client: target.executions }, request)) {
    names.push(...executions.map(({ name = '', status = '' }) => ({ name, status })));
    if (names.length >= most) break;
  }
  return names;
}

/** Step Functions lists executions of 90 days; on this machine they end with the process, and the bucket remembers. */
export async function listJobs(target: Target): Promise<JobNames> {
  const running = await listRunning(target);
  const known = await listNewest(target, running.length + mostEnded);
  const ended = known.filter(({ status }) => status !== 'RUNNING').map(({ name }) => name);
  // A name of ours begins with the time.
  const kept = target.kind === 'local' ? (await listJobNames(target)).toSorted().toReversed() : [];
  return {
    running,
    ended: [...new Set([...ended, ...kept])].filter((name) => !running.includes(name)).slice(0, mostEnded),
  };
}
