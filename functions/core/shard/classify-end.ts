import { readCause } from '../cause.ts';
import { type ErrorName, errorOfExitCode, isErrorName } from '../errors.ts';
import { neverStarted } from '../wait/explain-wait.ts';
import { capacityReason } from '../wait/wait-verdict.ts';
import { type BatchJob, parseBatchJob } from './batch-job.ts';

/** How a state that belongs to an attempt ended: Step Functions' error output, or the job that succeeded. */
export interface AttemptEnd {
  readonly stage: 'pick' | 'run';
  readonly error?: string;
  readonly cause?: string;
  readonly job?: BatchJob;
}

export interface Verdict {
  readonly outcome: 'Succeeded' | ErrorName;
  /** One sentence for people: what AWS or the worker said. */
  readonly reason: string;
  readonly job?: BatchJob;
  /** Nobody knows how long it ran: its whole reservation counts as spent. */
  readonly mayHaveRun?: boolean;
}

type Rule = readonly [pattern: RegExp, outcome: ErrorName];

/** AWS's own words, first match wins. */
const statusReasons: readonly Rule[] = [
  [/^Host EC2/, 'SpotInterrupted'],
  // Ours, before AWS's words that it quotes: Explain waiting gave up on the job.
  [new RegExp(`^${neverStarted}`), 'WorkerNeverStarted'],
  [new RegExp(capacityReason), 'NoSpotCapacity'],
  [/JobStateTimeLimit|MISCONFIGURATION:/, 'WorkerNeverStarted'],
  [/attempt duration exceeded/i, 'WorkerLost'],
  [/JobCanceled|cancell?ed by user|terminated by user/i, 'JobCanceled'],
];

/** ECS's words, in the container's reason or in the job's; `test/fixtures/job-details` has each as somebody saw it. */
const containerReasons: readonly Rule[] = [
  [
    /Cannot(Pull|Create|Start)\w*|DockerTimeoutError|ResourceInitializationError|^Task failed to start/m,
    'WorkerNeverStarted',
  ],
  // The second: the container is over, and nobody could read its exit code.
  [/OutOfMemoryError|CannotInspectContainer/, 'WorkerLost'],
];

/** Nobody knows whether it acted: a job that was submitted all the same is found by its name and ended. */
const troubles = /^Batch\.(ServerException|SdkClientException|TooManyRequestsException)$|^(Lambda|Sandbox|Runtime)\./;
const isTrouble = (error: string, cause: string) =>
  troubles.test(error) || (error === 'Batch.AWSBatchException' && /Status Code: 5/.test(cause));

const match = (rules: readonly Rule[], text: string) => rules.find(([pattern]) => pattern.test(text))?.[1];

function classifyJob(job: BatchJob): Verdict {
  const status = job.StatusReason ?? '';
  const container = job.Container?.Reason ?? '';
  const exitCode = job.Container?.ExitCode ?? undefined;
  const said = [status, container].filter(Boolean).join('; ');
  const byWorker = exitCode === undefined ? undefined : errorOfExitCode(exitCode);
  // The host's word first: a worker killed with its host may leave any exit code.
  const known = match(statusReasons, status) ?? byWorker ?? match(containerReasons, `${status}\n${container}`);
  // Who ends a job by hand writes any words. The flags come last: Batch may set them for ends of its own, too.
  if ((!known || known === 'JobCanceled') && (job.IsTerminated || job.IsCancelled)) {
    return {
      outcome: 'JobCanceled',
      reason: `the Batch job was ended from outside: ${said || 'no reason given'}`,
      job,
    };
  }
  if (known) return { outcome: known, reason: byWorker === known ? `worker exit code ${exitCode}` : said, job };
  const unknown = exitCode === undefined ? 'no exit code' : `exit code ${exitCode}`;
  return { outcome: 'WorkerLost', reason: `unknown end: ${said || 'no reason given'} (${unknown})`, job };
}

/** What an attempt's end means in our own words. Unknown ends are losses, reported as unknown. */
export function classifyEnd(end: AttemptEnd): Verdict {
  const { error = '', cause = '' } = end;
  if (!error) return { outcome: 'Succeeded', reason: '', job: end.job };
  if (isErrorName(error)) return { outcome: error, reason: readCause(cause) };
  if (error === 'States.Timeout' && end.stage === 'run') {
    const reason = 'the job did not start and end in the time allowed';
    return { outcome: 'WorkerNeverStarted', reason, mayHaveRun: true };
  }
  if (isTrouble(error, cause)) return { outcome: 'ServiceUnavailable', reason: `${error}: ${readCause(cause)}` };
  if (error.startsWith('Batch.')) return { outcome: 'WorkerNeverStarted', reason: `${error}: ${cause}` };
  const job = end.stage === 'run' ? parseBatchJob(cause) : undefined;
  if (job) return classifyJob(job);
  if (error === 'States.TaskFailed' && end.stage === 'run') {
    // A job that failed and can't be read (AWS cuts a long cause): found by its name, billed by what Batch says of it.
    return { outcome: 'WorkerLost', reason: `unknown end: ${cause || 'no cause given'}`, mayHaveRun: true };
  }
  return { outcome: 'GenerationFailed', reason: `${error}: ${readCause(cause)}` };
}
