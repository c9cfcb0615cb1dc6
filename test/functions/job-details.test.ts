import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { QueuedJob } from '../../functions/core/batch-queue.ts';
import { makeFakeQueue } from '../fakes/batch-queue.ts';
import { aPick } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { setUp } from './settling.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'job-details');

interface Fixture {
  readonly wording: 'recorded' | 'documented' | 'composed';
  readonly source: string;
  readonly end: { readonly stage: 'run'; readonly error: string; readonly cause?: unknown };
  readonly found?: Partial<QueuedJob>;
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''))
  .toSorted();
const read = (name: string): Fixture => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

// $0.344/h and $0.016/h for volume and address: a hundredth of a cent each second; not billed: the $0.016 alone.
const pick = aPick({ bootSeconds: 200, idleSeconds: 300 });
const { pool, queue, jobName, worstUsd } = pick;
const billed = (seconds: number) => seconds * 1e-4;
const free = (seconds: number) => (seconds * 0.016) / 3600;
const nothing = 0;
/** Boot, ten minutes of the container, idle tail; a host that is gone idles no more. */
const ran = billed(200 + 600 + 300);
const bootedOnly = billed(200 + 300);
/** 120 s until it was ended, and the 30 s of grace. */
const endedAfter = billed(200 + 150 + 300);

const host = 'Host EC2 (instance i-08784105ffff56b4f) terminated.';
const essential = 'Essential container in task exited';
const limit = 'Canceled by JobStateTimeLimit action due to reason:';

/** Of every file: the outcome, the sentence for people, the next step, and USD. */
const rows: readonly (readonly [
  name: string,
  outcome: string,
  reason: string | RegExp,
  action: string,
  usd: number,
])[] = [
  ['attempt-timeout', 'WorkerLost', 'Job attempt duration exceeded timeout', 'sideways', ran],
  ['cancelled-by-hand', 'JobCanceled', 'the Batch job was ended from outside: not tonight', 'stop', nothing],
  [
    'cannot-inspect-container',
    'WorkerLost',
    `${essential}; CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s`,
    'sideways',
    ran,
  ],
  [
    'cannot-pull-container',
    'WorkerNeverStarted',
    /^Task failed to start; CannotPullContainerError: write .* no space left on device$/,
    'sideways',
    bootedOnly,
  ],
  [
    'cannot-pull-image-manifest',
    'WorkerNeverStarted',
    /^Task failed to start; CannotPullImageManifestError: .* authentication required$/,
    'sideways',
    bootedOnly,
  ],
  [
    'cannot-start-container',
    'WorkerNeverStarted',
    /^Task failed to start; CannotStartContainerError: .* unable to start container process$/,
    'sideways',
    bootedOnly,
  ],
  ['cause-cut', 'WorkerLost', /^unknown end: \{"Attempts": \[/, 'sideways', ran],
  ['cause-no-json', 'WorkerLost', 'unknown end: A cause message', 'sideways', ran],
  [
    'docker-timeout',
    'WorkerNeverStarted',
    'Task failed to start; DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s',
    'sideways',
    bootedOnly,
  ],
  ['exit-1', 'WorkerLost', `unknown end: ${essential} (exit code 1)`, 'sideways', ran],
  ['exit-137', 'WorkerLost', `unknown end: ${essential} (exit code 137)`, 'sideways', ran],
  [
    'exit-137-out-of-memory',
    'WorkerLost',
    `${essential}; OutOfMemoryError: Container killed due to memory usage`,
    'sideways',
    ran,
  ],
  ['gpu-out-of-memory', 'GpuOutOfMemory', 'worker exit code 81', 'up', ran],
  ['host-terminated', 'SpotInterrupted', host, 'sideways', free(200 + 600)],
  ['host-terminated-exit-143', 'SpotInterrupted', host, 'sideways', free(200 + 600)],
  ['host-terminated-while-starting', 'SpotInterrupted', host, 'sideways', free(200)],
  ['notice', 'SpotInterrupted', 'worker exit code 80', 'sideways', free(200 + 600)],
  [
    'resource-initialization',
    'WorkerNeverStarted',
    /^ResourceInitializationError: unable to pull secrets or registry auth/,
    'sideways',
    bootedOnly,
  ],
  ['submit-refused', 'WorkerNeverStarted', /^Batch\.ClientException: JobQueue .* not found\./, 'sideways', nothing],
  [
    'submit-throttled',
    'WorkerNeverStarted',
    /^Batch\.AWSBatchException: Too Many Requests \(Service: AWSBatch; Status Code: 429/,
    'sideways',
    nothing,
  ],
  ['task-failed-to-start', 'WorkerNeverStarted', 'Task failed to start', 'sideways', bootedOnly],
  ['terminated-by-hand', 'JobCanceled', 'the Batch job was ended from outside: Operator cancelled', 'stop', ran],
  [
    'terminated-by-hand-worker-said-so',
    'JobCanceled',
    'the Batch job was ended from outside: Operator cancelled',
    'stop',
    ran,
  ],
  ['time-limit-capacity', 'NoSpotCapacity', `${limit} CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY`, 'sideways', nothing],
  [
    'time-limit-instance-configuration',
    'WorkerNeverStarted',
    `${limit} MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED`,
    'sideways',
    nothing,
  ],
  [
    'time-limit-job-resource',
    'WorkerNeverStarted',
    `${limit} MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT`,
    'sideways',
    nothing,
  ],
  [
    'time-limit-max-resource',
    'WorkerNeverStarted',
    `${limit} MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE`,
    'sideways',
    nothing,
  ],
  [
    'timeout-after-start',
    'WorkerNeverStarted',
    'the job did not start and end in the time allowed',
    'sideways',
    endedAfter,
  ],
  [
    'timeout-before-start',
    'WorkerNeverStarted',
    'the job did not start and end in the time allowed',
    'sideways',
    nothing,
  ],
  ['timeout-no-job', 'WorkerNeverStarted', 'the job did not start and end in the time allowed', 'sideways', worstUsd],
  [
    'unknown-reason',
    'WorkerLost',
    'unknown end: Container runtime was replaced by a newer one (exit code 212)',
    'sideways',
    ran,
  ],
];

/** A job that still runs started two minutes ago on the clock of the test. */
function toFound(found: Partial<QueuedJob>) {
  const startedAt = found.status === 'RUNNING' ? makeFakeClock().now() - 120_000 : found.startedAt;
  return { ...found, queue, jobName, startedAt };
}

async function settleFixture(name: string) {
  const { end, found } = read(name);
  const cause = typeof end.cause === 'object' ? JSON.stringify(end.cause) : end.cause;
  const batch = makeFakeQueue(found ? [toFound(found)] : []);
  const setting = await setUp({ queue: batch });
  return { ...setting, batch, answer: await setting.settle({ ...end, cause }, { pick }) };
}

describe('an end of a Batch job, as AWS words it', () => {
  it('is expected of every fixture, and every fixture names its source', () => {
    expect(rows.map(([name]) => name)).toEqual(names);
    for (const name of names) {
      expect(read(name).source.length, name).toBeGreaterThan(20);
      expect(['recorded', 'documented', 'composed'], name).toContain(read(name).wording);
    }
  });

  it.each(rows)('%s is %s: outcome, sentence, step and bill', async (name, outcome, reason, action, usd) => {
    const { answer, ledger, settlement } = await settleFixture(name);
    expect(answer.step).toMatchObject({ outcome, action, pool });
    expect(answer.step.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    expect(answer.step.usd).toBeCloseTo(usd, 6);
    expect(ledger.settled).toEqual([{ jobName, usd: expect.closeTo(usd, 9) }]);
    expect(await settlement()).toMatchObject({ outcome, endedAt: expect.stringMatching(/^20\d\d-.*Z$/) });
  });

  it.each(rows)('%s: the pool is left at once where the shard goes sideways', async (name, _, __, action) => {
    const { answer } = await settleFixture(name);
    expect(answer.tried.closedPools).toEqual(action === 'sideways' ? [pool] : []);
    expect(answer.failures).toHaveLength(action === 'stop' ? 1 : 0);
    expect(answer.attempt).toBe(2);
  });

  it.each(rows.map(([name]) => name))(
    '%s: reservation and slot are free, a job without a name is ended',
    async (name) => {
      const { ledger, slots, batch } = await settleFixture(name);
      expect(await ledger.open('job-1')).toEqual([]);
      expect(slots.freed.map((slot) => slot.jobName)).toEqual([jobName]);
      const { end, found } = read(name);
      const isNamed = typeof end.cause === 'object';
      expect(batch.asked.map((asked) => asked.jobName)).toEqual(isNamed ? [] : [jobName]);
      if (found) expect(await batch.terminate(queue, jobName, 'again')).toMatchObject({ status: 'FAILED' });
    },
  );

  it.each([
    ['host-terminated', 'loss'],
    ['notice', 'loss'],
    ['time-limit-capacity', 'refusal'],
    ['cannot-pull-container', 'other'],
    ['unknown-reason', 'other'],
    ['terminated-by-hand', 'other'],
  ])('%s is remembered of its pool as %s', async (name, end) => {
    const { learned } = await settleFixture(name);
    expect(learned.lessons).toMatchObject([{ pool, end }]);
  });
});
