import { randomBytes, randomUUID } from 'node:crypto';
import { type Pool, poolId, queueName } from '../../functions/core/market/pools.ts';
import { ACCOUNT, JOB_DEFINITION_ARN, REGION } from '../names.ts';

export type JobStatus = 'SUBMITTED' | 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

export interface NameValue {
  readonly name: string;
  readonly value: string;
}

/** The parts of SubmitJob that are honoured here. */
export interface Submission {
  readonly jobName: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  readonly containerOverrides?: {
    readonly command?: readonly string[];
    readonly environment?: readonly NameValue[];
    readonly resourceRequirements?: readonly unknown[];
  };
  readonly retryStrategy?: { readonly attempts?: number };
  readonly timeout?: { readonly attemptDurationSeconds?: number };
  readonly tags?: Readonly<Record<string, string>>;
}

export interface BatchJob {
  readonly jobId: string;
  readonly submission: Submission;
  readonly pool: Pool;
  readonly environment: Readonly<Record<string, string>>;
  readonly instanceId: string;
  readonly createdAt: number;
  status: JobStatus;
  statusReason?: string;
  startedAt?: number;
  stoppedAt?: number;
  exitCode?: number;
  /** Why the worker is being ended, once somebody decided so: the first decision stands. */
  ending?: { readonly statusReason: string; readonly isHostLost: boolean };
  isTerminated: boolean;
  /** Put into the bucket by this attempt. */
  images: number;
  /** The announced end of the host, ISO. */
  notice?: string;
}

export function makeJob(submission: Submission, pool: Pool, now: number): BatchJob {
  const environment = submission.containerOverrides?.environment ?? [];
  return {
    jobId: randomUUID(),
    submission,
    pool,
    environment: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
    instanceId: `i-0${randomBytes(8).toString('hex')}`,
    createdAt: now,
    status: 'SUBMITTED',
    isTerminated: false,
    images: 0,
  };
}

export function isEnded({ status }: BatchJob): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

export function attemptOf({ environment }: BatchJob): number {
  return Number(environment.ATTEMPT ?? 1);
}

/** For a line about it. */
export function describeJob({ submission, pool }: BatchJob): string {
  return `${submission.jobName} in ${poolId(pool)}`;
}

export function jobArn(jobId: string): string {
  return `arn:aws:batch:${REGION}:${ACCOUNT}:job/${jobId}`;
}

/** DescribeJobs' view. Fields that Batch leaves out are left out here, too: a lost host leaves no exit code. */
export function toJobDetail(job: BatchJob): Record<string, unknown> {
  const { submission, jobId, statusReason, createdAt, startedAt, stoppedAt, exitCode } = job;
  const container = { exitCode, logStreamName: `${submission.jobName}.log` };
  const attempt = { container, startedAt, stoppedAt, statusReason };
  return {
    ...toJobSummary(job),
    jobQueue: `arn:aws:batch:${REGION}:${ACCOUNT}:job-queue/${queueName(job.pool)}`,
    jobDefinition: JOB_DEFINITION_ARN,
    createdAt,
    attempts: stoppedAt !== undefined && startedAt !== undefined ? [attempt] : [],
    container: {
      ...container,
      command: submission.containerOverrides?.command ?? [],
      environment: submission.containerOverrides?.environment ?? [],
      resourceRequirements: submission.containerOverrides?.resourceRequirements ?? [],
    },
    isCancelled: job.isTerminated && startedAt === undefined,
    isTerminated: job.isTerminated,
    retryStrategy: { attempts: 1, evaluateOnExit: [] },
    tags: submission.tags ?? {},
    timeout: submission.timeout,
    jobId,
  };
}

/** ListJobs' view. */
export function toJobSummary(job: BatchJob): Record<string, unknown> {
  const { jobId, submission, status, statusReason, createdAt, startedAt, stoppedAt, exitCode } = job;
  const { jobName } = submission;
  const jobDefinition = JOB_DEFINITION_ARN;
  return {
    jobArn: jobArn(jobId),
    jobId,
    jobName,
    jobDefinition,
    status,
    statusReason,
    createdAt,
    startedAt,
    stoppedAt,
    container: { exitCode },
  };
}
