import type { QueuedJob } from '../../functions/core/batch-queue.ts';
import { type ExplainWaitingDeps, makeExplainWaiting } from '../../functions/explain-waiting.ts';
import { makeFakeQueue } from '../fakes/batch-queue.ts';
import { aQueuedJob, startedAt } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeClosedPools } from '../fakes/closed-pools.ts';
import { makeFakeTimers } from '../fakes/timers.ts';
import { makeFakeWaits } from '../fakes/waits.ts';
import documented from '../fixtures/batch-job-queue-blocked.json' with { type: 'json' };

export const pool = 'use1-az1/g6.xlarge/spot';
export const noCapacity =
  'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [g6.xlarge]';
export const misfit =
  'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.';
export const undetermined = 'UNDETERMINED - Batch job is blocked, root cause is undetermined.';
export const unknown = 'QUANTUM:FLUX - Nobody has seen this before.';

interface Account {
  readonly have?: number;
  readonly used?: number;
}

/** One installation with two waiting jobs of one queue, a job that runs, and one of another queue. */
export function setUpAccount(account: Account = { have: 64, used: 0 }, over: Partial<ExplainWaitingDeps> = {}) {
  const clock = makeFakeClock(startedAt);
  const queue = makeFakeQueue(
    [],
    [
      aQueuedJob(),
      aQueuedJob({ id: 'batch-2', jobName: 'job-1-s1-a1' }),
      aQueuedJob({ id: 'batch-3', jobName: 'job-1-s2-a1', status: 'RUNNING' }),
      aQueuedJob({ id: 'batch-4', jobName: 'job-1-s3-a1', queue: 'spot-diffusion-any-g6-xlarge-spot' }),
    ],
  );
  const waits = makeFakeWaits();
  const closedPools = makeFakeClosedPools(clock.now);
  const timers = makeFakeTimers(clock.now);
  const asked: string[] = [];
  const note = (what: string, answer: number | undefined) => {
    asked.push(what);
    return Promise.resolve(answer);
  };
  const handle = makeExplainWaiting({
    queue,
    waits,
    closedPools,
    timers,
    clock,
    quotas: { vcpus: (code) => note(code, account.have) },
    instanceUse: { vcpus: (market, types) => note(`${market} ${types.join(' ')}`, account.used) },
    zones: ['use1-az1'],
    instanceTypes: ['g6.xlarge'],
    ...over,
  });
  const eventOf = (type: string, job: QueuedJob, environment = [{ name: 'JOB_ID', value: 'job-1' }]) => ({
    ...documented,
    'detail-type': `Batch Job ${type}`,
    time: new Date(clock.now()).toISOString(),
    detail: {
      ...documented.detail,
      jobId: job.id,
      jobName: job.jobName,
      jobQueue: `arn:aws:batch:us-east-1:123456789012:job-queue/${job.queue}`,
      status: job.status,
      statusReason: job.statusReason || undefined,
      createdAt: job.createdAt,
      startedAt: job.startedAt,
      container: { ...documented.detail.container, environment },
    },
  });
  /** What Batch knows of the job from now on. */
  const become = (change: Partial<QueuedJob>, id = 'batch-1') => {
    const job = { ...aQueuedJob({ id }), ...queue.jobs.get(id), ...change };
    queue.jobs.set(id, job);
    return job;
  };
  const change = (status: string, more: Partial<QueuedJob> = {}, id = 'batch-1') =>
    eventOf('State Change', become({ status, ...more }, id));
  const blocked = (statusReason: string, id = 'batch-1') => eventOf('Queue Blocked', become({ statusReason }, id));
  const look = () => {
    clock.advance(600);
    return handle(timers.fire());
  };
  const wait = (jobName = 'job-1-s0-a1') => waits.find('job-1', jobName);
  return { clock, queue, waits, closedPools, timers, asked, handle, eventOf, become, change, blocked, look, wait };
}
