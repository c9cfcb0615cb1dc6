import { BatchClient, DescribeJobsCommand, SubmitJobCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { attemptKey, jobKey, shardKey } from '../../functions/core/storage/keys.ts';
import { JOB_DEFINITION } from '../../local/names.ts';
import type { DrillEvent } from '../../local/start.ts';
import { invoke } from '../privilege/invoke.ts';
import { type Calls, countCalls, until } from './calls.ts';
import { type Machine, openMachine } from './harness.ts';

describe('nothing twice', { timeout: 300_000 }, () => {
  let machine: Machine;
  let calls: Calls;
  const open = async (...drill: DrillEvent[]) => {
    calls = countCalls();
    machine = await openMachine(drill, { guard: calls.guard });
    return machine;
  };
  afterEach(() => machine.close());

  /** A worker that the workflow knows nothing of, or has given up: as after a submit whose answer was lost. */
  async function submitStranger(jobId: string, environment: Readonly<Record<string, string>>) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const batch = new BatchClient({ endpoint: machine.local.endpoint, region: 'us-east-1', credentials });
    const given = { JOB_ID: jobId, SHARD_KEY: shardKey(jobId, 0), POOL: 'use1-az1/g6.xlarge/spot', ...environment };
    const submitted = await batch.send(
      new SubmitJobCommand({
        jobName: `${jobId}-stranger`,
        jobQueue: 'spot-diffusion-use1-az1-g6-xlarge-spot',
        jobDefinition: JOB_DEFINITION,
        containerOverrides: { environment: Object.entries(given).map(([name, value]) => ({ name, value })) },
      }),
    );
    const ended = async () => {
      const { jobs } = await batch.send(new DescribeJobsCommand({ jobs: [submitted.jobId ?? ''] }));
      return ['SUCCEEDED', 'FAILED'].includes(jobs?.[0]?.status ?? '') || undefined;
    };
    const terminate = { jobId: submitted.jobId, reason: 'the test is over' };
    return { ended: () => until(ended), end: () => batch.send(new TerminateJobCommand(terminate)) };
  }

  const imagesThere = () => machine.bucket.list('images/');
  const hashesOf = async (jobId: string, attempt: number) => {
    const text = await machine.bucket.read(attemptKey(jobId, 0, attempt));
    const record: { readonly images: readonly { readonly hash: string }[] } = JSON.parse(text ?? '{"images":[]}');
    return record.images.map(({ hash }) => hash);
  };

  it('writes one image each where two workers render one shard, and one line each in manifest and receipt', async () => {
    const { start, finish, receipt, manifest } = await open();
    const executionArn = await start({ prompt: 'a star', count: 240 }, 'pair');
    await until(async () => (await imagesThere()).length > 1 || undefined);
    const stranger = await submitStranger('pair', { ATTEMPT: '9' });
    expect((await finish(executionArn)).status).toBe('SUCCEEDED');
    await stranger.ended();
    expect(await imagesThere()).toHaveLength(240);
    expect([...calls.stored.values()].filter((times) => times > 1)).toEqual([]);
    const [ours, theirs] = [await hashesOf('pair', 1), await hashesOf('pair', 9)];
    expect(theirs.length).toBeGreaterThan(0);
    expect([...ours, ...theirs]).toHaveLength(240);
    expect(new Set([...ours, ...theirs]).size).toBe(240);
    expect(await receipt('pair')).toMatchObject({ images: 240, delivered: 240, reused: 0, attempts: [{ attempt: 1 }] });
    expect(new Set((await manifest('pair')).map(({ hash }) => hash)).size).toBe(240);
    expect(calls.messages).toBe(1);
  });

  it('goes on beside a worker that was declared dead and still lives: its images count once, its late record changes nothing', async () => {
    const { start, finish, receipt, bucket } = await open({ kind: 'lose', afterImages: 2 });
    const executionArn = await start({ prompt: 'a ring', count: 40 }, 'undead');
    await until(async () => (await machine.entered(executionArn, 'Settle attempt'))[0]);
    const undead = await submitStranger('undead', { ATTEMPT: '1', FAKE_MILLISECONDS: '600000' });
    expect((await finish(executionArn)).status).toBe('SUCCEEDED');
    const closed = await receipt('undead');
    // Nothing was there before: the images of a worker that died without a record are not free.
    expect(closed).toMatchObject({ images: 40, delivered: 40, reused: 0 });
    expect(closed.attempts.map(({ outcome }) => outcome)).toEqual(['SpotInterrupted', 'Succeeded']);
    await undead.end();
    await undead.ended();
    expect(await bucket.exists(attemptKey('undead', 0, 1))).toBe(true);
    expect(await imagesThere()).toHaveLength(40);
    expect([...calls.stored.values()].filter((times) => times > 1)).toEqual([]);
    expect(JSON.parse((await bucket.read(jobKey('undead', 'receipt.json'))) ?? '')).toEqual(closed);
    expect(calls.messages).toBe(1);
  });

  it('says that a job was stopped once, however often EventBridge delivers it, and settles its attempt once', async () => {
    const { start, finish, executions, receipt, local } = await open();
    const executionArn = await start({ prompt: 'a cross', count: 400 }, 'replayed');
    await until(async () => (await imagesThere()).length > 1 || undefined);
    await executions.send(new StopExecutionCommand({ executionArn, cause: 'enough' }));
    await finish(executionArn);
    await until(async () => (await machine.bucket.exists(jobKey('replayed', 'receipt.json'))) || undefined);
    await until(() => calls.messages || undefined);
    const closed = await receipt('replayed');
    expect(closed.attempts).toMatchObject([{ attempt: 1, outcome: 'JobCanceled' }]);
    const detail = { name: 'replayed', status: 'ABORTED', startDate: Date.now(), error: null, cause: 'enough' };
    for (const _ of [1, 2]) {
      expect(await invoke(local.endpoint, 'clean-up-job', { detail })).toMatchObject({
        terminated: 0,
        closed: { closedNow: false },
      });
    }
    expect(await receipt('replayed')).toEqual(closed);
    expect(calls.messages).toBe(1);
  });

  it('closes a job once where Lambda runs Close job again, and Clean up job is told of an end that was closed', async () => {
    const { run, receipt, local } = await open({ kind: 'fault', exitCode: 83 });
    const { jobId, states, description } = await run({ prompt: 'a hut' });
    expect(states.filter((state) => state === 'Send notification')).toHaveLength(1);
    const closed = await receipt(jobId);
    const failures = [{ error: description.error, cause: description.cause }];
    const again = await invoke(local.endpoint, 'close-job', { jobId, startedAt: closed.startedAt, failures });
    expect(again).toMatchObject({ closedNow: false, status: 'failed' });
    const detail = { name: jobId, status: 'FAILED', startDate: Date.now(), ...failures[0] };
    expect(await invoke(local.endpoint, 'clean-up-job', { detail })).toMatchObject({
      terminated: 0,
      closed: { closedNow: false },
    });
    expect(await receipt(jobId)).toEqual(closed);
    expect(calls.messages).toBe(1);
  });

  it('delivers the same recipe of a later job from the bucket for $0, and says so everywhere', async () => {
    const { run, receipt, manifest, bucket } = await open();
    await run({ prompt: 'a star', count: 3 });
    const { jobId, queues } = await run({ prompt: 'a star', count: 5 });
    expect(queues).toHaveLength(1);
    const { delivered, reused, usd, usdPerImage } = await receipt(jobId);
    expect({ delivered, reused }).toEqual({ delivered: 5, reused: 3 });
    expect(usdPerImage).toBeCloseTo(usd / 2, 5);
    const lines = await manifest(jobId);
    expect(lines.filter((line) => line.reused).map((line) => line.usd)).toEqual([0, 0, 0]);
    expect(await bucket.read(jobKey(jobId, 'report.html'))).toContain('3 of 5 images were there already: $0.');
    expect(calls.said.at(-1)).toContain('3 of 5 images were there already: $0.');
  });
});
