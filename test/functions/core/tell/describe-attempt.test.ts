import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { QueuedJob } from '../../../../functions/core/batch-queue.ts';
import { quotaOf } from '../../../../functions/core/market/quotas.ts';
import type { AttemptProgress } from '../../../../functions/core/tell/attempt-progress.ts';
import { type AttemptFacts, describeAttempt } from '../../../../functions/core/tell/describe-attempt.ts';
import { toQueuedJob } from '../../../../functions/core/wait/blocked-queue.ts';
import type { Wait } from '../../../../functions/core/wait/waits.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'waiting-jobs');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const pool = 'use1-az1/g6.xlarge/spot';
const quota = quotaOf('g6.xlarge', 'spot');
const submitted = 1_764_000_000_000;

interface Fixture {
  readonly minutes: number;
  readonly quota?: { readonly have?: number; readonly used?: number };
  readonly job: Parameters<typeof toQueuedJob>[0]['detail'];
}

function factsOf(name: string): AttemptFacts {
  const fixture: Fixture = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const event = { 'detail-type': 'Batch Job State Change', time: '', detail: fixture.job } as const;
  return {
    pool,
    job: toQueuedJob(event),
    now: submitted + fixture.minutes * 60_000,
    ...(fixture.quota && quota ? { quota: { quota, need: 4, ...fixture.quota } } : {}),
  };
}

const once = ' (Batch said so once, and may be wrong while an instance starts)';

/** What a person reads after "waits 7 min: ". */
const said: Readonly<Record<string, readonly [stage: string, sentence: string]>> = {
  'scaling.json': ['scaling', `an instance starts in ${pool}, usually in 3 to 6 minutes`],
  'scaling-for-long.json': [
    'scaling',
    `no instance in ${pool} after 15 minutes and no reason given; other jobs may be before it`,
  ],
  'no-capacity.json': ['capacity', `no capacity in ${pool} (seen once, by this look)`],
  'undetermined.json': ['undetermined', `AWS Batch can't say why it does not start in ${pool}${once}`],
  'quota-zero.json': [
    'quota-zero',
    `quota L-3819A6DF (All G and VT Spot Instance Requests): have 0 vCPUs, 0 used, need 4 for ${pool}; nothing of it can start until the quota is raised`,
  ],
  'quota-full.json': [
    'quota-full',
    `quota L-3819A6DF (All G and VT Spot Instance Requests): have 8 vCPUs, 8 used, need 4 for ${pool}; it starts when another instance ends`,
  ],
  'quota-unreadable.json': [
    'undetermined',
    `AWS Batch can't say why it does not start in ${pool} (the quota L-3819A6DF could not be read: it may be that)${once}`,
  ],
  'too-large-for-the-environment.json': [
    'misconfiguration',
    `AWS Batch can't place it in ${pool}: MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job${once}`,
  ],
  'transient-misconfiguration.json': [
    'misconfiguration',
    `AWS Batch can't place it in ${pool}: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.${once}`,
  ],
  'transient-misconfiguration-over.json': ['pulling', `the container's image is pulled in ${pool}`],
  'action-required.json': [
    'misconfiguration',
    `AWS Batch can't place it in ${pool}: ACTION_REQUIRED - CE(s) associated with the job queue are invalid.${once}`,
  ],
  'unknown.json': ['unknown', `AWS Batch gives a reason unknown to us in ${pool}: blocked-reason${once}`],
  'pulling.json': ['pulling', `the container's image is pulled in ${pool}`],
  'loading.json': ['loading', `the weights are loaded, or its first images made, in ${pool}`],
};

const aWait = (over: Partial<Wait> = {}): Wait => ({
  jobId: 'night',
  jobName: 'night-s0-a1',
  pool,
  verdict: 'undetermined',
  sentence: 'what Explain waiting saw',
  since: new Date(submitted).toISOString(),
  at: new Date(submitted + 300_000).toISOString(),
  ...over,
});

describe('a job that waits, as DescribeJobs tells', () => {
  it.each(names)('%s', (name) => {
    const { stage, sentence, waits } = describeAttempt(factsOf(name));
    expect([stage, sentence]).toEqual(said[name]);
    expect(waits).toBe(true);
  });

  it('has a fixture for each stage in which one waits', () => {
    expect(Object.keys(said).toSorted()).toEqual(names.toSorted());
  });
});

describe('an attempt that is not settled', () => {
  const waiting = factsOf('scaling.json');
  const job = waiting.job as QueuedJob;

  it('is told with the sentence that stands in the ledger, doubted where Batch alone said it', () => {
    expect(describeAttempt({ ...waiting, wait: aWait() })).toMatchObject({
      stage: 'undetermined',
      sentence: `what Explain waiting saw${once}`,
    });
    const closed = aWait({ verdict: 'capacity' });
    expect(describeAttempt({ ...waiting, wait: closed }).sentence).toBe('what Explain waiting saw');
  });

  it('forgets a sentence that is over', () => {
    const over = aWait({ until: new Date(submitted).toISOString() });
    expect(describeAttempt({ ...waiting, wait: over }).stage).toBe('scaling');
  });

  it('believes the quota more than what Batch said before', () => {
    const facts = factsOf('quota-zero.json');
    expect(describeAttempt({ ...facts, wait: aWait() }).stage).toBe('quota-zero');
    const full = facts.quota && { ...facts.quota, have: facts.quota.need, used: 1 };
    expect(describeAttempt({ ...facts, quota: full, wait: aWait() }).stage).toBe('quota-full');
  });

  it('is given to its pool before Batch knows it', () => {
    expect(describeAttempt({ pool, now: submitted })).toEqual({
      stage: 'submitted',
      pool,
      sentence: `it was just given to ${pool}`,
      waits: true,
      seconds: 0,
    });
  });

  it('renders once its worker says how far it is', () => {
    const progress: AttemptProgress = {
      ...{ version: 1, shard: 0, attempt: 1, done: 3, total: 9, imagesPerSecond: 0.5, secondsLeft: 12, at: '' },
    };
    const running = { ...job, status: 'RUNNING', startedAt: submitted + 60_000 };
    expect(describeAttempt({ pool, job: running, progress, now: submitted + 90_000 })).toEqual({
      stage: 'rendering',
      pool,
      sentence: `3 of 9 images in ${pool}, 0.5 images/s`,
      waits: false,
      seconds: 30,
    });
    const unpaced = describeAttempt({ pool, job: running, progress: { ...progress, imagesPerSecond: null }, now: 0 });
    expect(unpaced.sentence).toBe(`3 of 9 images in ${pool}`);
    expect(unpaced.seconds).toBe(0);
  });

  it.each(['SUCCEEDED', 'FAILED'])('is being settled when Batch is done with it: %s', (status) => {
    const over = { ...job, status, stoppedAt: submitted + 10_000 };
    expect(describeAttempt({ pool, job: over, now: submitted + 15_000 })).toMatchObject({
      stage: 'settling',
      sentence: `its attempt in ${pool} is over and being settled`,
      waits: false,
      seconds: 5,
    });
  });
});
