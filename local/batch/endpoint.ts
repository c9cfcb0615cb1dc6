import { type Endpoint, toJsonError, toJsonReply, type WireReply } from '../address/wire.ts';
import { findPoolOfQueue } from '../market/pools.ts';
import { JOB_DEFINITION } from '../names.ts';
import { type BatchJob, jobArn, makeJob, type Submission, toJobDetail, toJobSummary } from './job.ts';
import { describeComputeEnvironments, describeJobQueues } from './queues.ts';
import type { BatchRunner } from './runner.ts';

/** The Batch actions that the workflow and the CLI use, in Batch's own REST-JSON. */
const MAX_PAGE = 100;

type Action = (input: Record<string, unknown>) => WireReply;

export function makeBatchEndpoint(jobs: Map<string, BatchJob>, runner: BatchRunner): Endpoint {
  const find = (input: Record<string, unknown>) => jobs.get(String(input.jobId));
  const actions: Readonly<Record<string, Action>> = {
    '/v1/submitjob': (input) => submit(input as unknown as Submission, jobs, runner),
    '/v1/describejobs': ({ jobs: ids }) => {
      if (!Array.isArray(ids)) return toClientError('Expected `jobs` to be a list of job ids.');
      return toJsonReply({
        jobs: ids
          .map((id) => jobs.get(String(id).split('/').at(-1) ?? ''))
          .filter(isJob)
          .map(toJobDetail),
      });
    },
    '/v1/listjobs': (input) => listJobs(input, [...jobs.values()]),
    '/v1/describejobqueues': (input) => toJsonReply(describeJobQueues(input)),
    '/v1/describecomputeenvironments': (input) => toJsonReply(describeComputeEnvironments(input)),
    '/v1/terminatejob': (input) => {
      const job = find(input);
      if (job) runner.terminate(job, String(input.reason));
      return toJsonReply({});
    },
    '/v1/canceljob': (input) => {
      const job = find(input);
      // From STARTING on a job is not cancelled, only terminated.
      if (job && (job.status === 'SUBMITTED' || job.status === 'RUNNABLE')) runner.terminate(job, String(input.reason));
      return toJsonReply({});
    },
  };
  return async ({ path, body }) => {
    const action = actions[path];
    if (!action) return toClientError(`Expected one of ${Object.keys(actions).join(', ')}, got \`${path}\`.`);
    return action(JSON.parse(body.toString() || '{}'));
  };
}

function submit(submission: Submission, jobs: Map<string, BatchJob>, runner: BatchRunner): WireReply {
  const { jobName, jobQueue, jobDefinition, retryStrategy, timeout } = submission;
  const pool = findPoolOfQueue(jobQueue);
  if (!pool) return toClientError(`JobQueue ${jobQueue} not found`);
  if (jobDefinition?.split('/').at(-1)?.split(':')[0] !== JOB_DEFINITION) {
    return toClientError(`JobDefinition ${jobDefinition} not found`);
  }
  if (!/^\w[\w-]{0,127}$/.test(jobName))
    return toClientError(`Job name should match valid pattern, got \`${jobName}\`.`);
  if ((retryStrategy?.attempts ?? 1) !== 1) {
    // A retry of Batch's own stays in its pool; the workflow picks again instead.
    return toClientError(`Expected \`retryStrategy.attempts\` to be 1, got \`${retryStrategy?.attempts}\`.`);
  }
  if ((timeout?.attemptDurationSeconds ?? 60) < 60) {
    return toClientError(`attemptDurationSeconds must be at least 60, got \`${timeout?.attemptDurationSeconds}\`.`);
  }
  const job = makeJob(submission, pool, Date.now());
  jobs.set(job.jobId, job);
  runner.enqueue(job);
  return toJsonReply({ jobArn: jobArn(job.jobId), jobId: job.jobId, jobName });
}

/** With a filter `jobStatus` is ignored, without one it is RUNNING unless given: as the API reference has it. */
function listJobs(input: Record<string, unknown>, all: readonly BatchJob[]): WireReply {
  const { jobQueue, jobStatus = 'RUNNING', filters, nextToken, maxResults } = input;
  const pool = findPoolOfQueue(jobQueue);
  if (!pool) return toClientError(`JobQueue ${String(jobQueue)} not found`);
  const wanted = Array.isArray(filters) && filters.length > 0 ? toFilter(filters[0]) : isInStatus(String(jobStatus));
  const found = all.filter((job) => job.pool === pool && wanted(job)).sort((a, b) => b.createdAt - a.createdAt);
  const skip = Number(nextToken ?? 0);
  const size = Math.min(Number(maxResults) || MAX_PAGE, MAX_PAGE);
  const next = skip + size < found.length ? String(skip + size) : undefined;
  return toJsonReply({ jobSummaryList: found.slice(skip, skip + size).map(toJobSummary), nextToken: next });
}

function isInStatus(status: string): (job: BatchJob) => boolean {
  return (job) => job.status === status;
}

function toFilter({ name, values = [] }: { name?: string; values?: string[] }): (job: BatchJob) => boolean {
  const patterns = values.map((value) => value.toLowerCase());
  if (name !== 'JOB_NAME') return () => false;
  return ({ submission }) => {
    const jobName = submission.jobName.toLowerCase();
    return patterns.some((pattern) =>
      pattern.endsWith('*') ? jobName.startsWith(pattern.slice(0, -1)) : jobName === pattern,
    );
  };
}

function isJob(job: BatchJob | undefined): job is BatchJob {
  return job !== undefined;
}

function toClientError(message: string): WireReply {
  return toJsonError(400, 'ClientException', message);
}
