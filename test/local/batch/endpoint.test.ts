import { CancelJobCommand, ListJobsCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProcessAlive, until } from '../harness.ts';
import { aBatchFloor, type BatchFloor, queue } from './batch-floor.ts';

let floor: BatchFloor;
beforeAll(async () => {
  process.env.AWS_PROFILE = 'of-the-host';
  floor = await aBatchFloor();
});
afterAll(async () => {
  delete process.env.AWS_PROFILE;
  await floor.end();
});

describe('a Batch job', () => {
  it('runs the worker to its end', async () => {
    const job = await floor.submit({ IMAGES: '2' });
    const done = await floor.finish(job);
    expect(done).toMatchObject({
      status: 'SUCCEEDED',
      statusReason: 'Essential container in task exited',
      jobQueue: `arn:aws:batch:us-east-1:123456789012:job-queue/${queue}`,
      container: { exitCode: 0 },
      isTerminated: false,
    });
    expect(done.attempts).toHaveLength(1);
    expect(done.createdAt).toBeLessThanOrEqual(done.startedAt ?? 0);
    expect(done.startedAt).toBeLessThan(done.stoppedAt ?? 0);
    expect(await floor.logOf(job)).toMatch(new RegExp(`^worker \\d+ ${job.jobId} clean$`, 'm'));
  });

  it('waits RUNNABLE for a free place, first come first served', async () => {
    const [first, second, third] = [
      await floor.submit({ IMAGES: 'endless' }),
      await floor.submit({ IMAGES: 'endless' }),
      await floor.submit({ IMAGES: '1' }),
    ];
    expect([first.status, second.status, third.status]).toEqual(['RUNNING', 'RUNNING', 'RUNNABLE']);
    await floor.batch.send(new TerminateJobCommand({ jobId: first.jobId, reason: 'make room' }));
    expect(await floor.finish(third)).toMatchObject({ status: 'SUCCEEDED' });
    await floor.batch.send(new TerminateJobCommand({ jobId: second.jobId, reason: 'enough' }));
    await floor.finish(second);
  });

  it('is ended by TerminateJob with SIGTERM, and says why', async () => {
    const job = await floor.submit({ IMAGES: 'endless' });
    await until(async () => ((await floor.logOf(job)).includes('worker') ? true : undefined));
    await floor.batch.send(new TerminateJobCommand({ jobId: job.jobId, reason: 'JobCanceled' }));
    expect(await floor.finish(job)).toMatchObject({
      status: 'FAILED',
      statusReason: 'JobCanceled',
      container: { exitCode: 85 },
      isTerminated: true,
    });
  });

  it('is killed with all its processes when it ignores SIGTERM', { timeout: 15_000 }, async () => {
    const job = await floor.submit({ IMAGES: 'endless', IGNORE_TERM: '1', HELPER: '1' });
    const log = await until(async () => {
      const text = await floor.logOf(job);
      return text.includes('worker') ? text : undefined;
    });
    const pids = [...log.matchAll(/^(?:worker|helper) (\d+)/gm)].map((match) => Number(match[1]));
    expect(pids).toHaveLength(2);
    await floor.batch.send(new TerminateJobCommand({ jobId: job.jobId, reason: 'JobCanceled' }));
    expect(await floor.finish(job)).toMatchObject({ status: 'FAILED', container: { exitCode: 137 } });
    await until(() => (pids.some(isProcessAlive) ? undefined : true));
  });

  it('is cancelled while it waits, but not once it runs', async () => {
    const [first, second, waiting] = [
      await floor.submit({ IMAGES: 'endless' }),
      await floor.submit({ IMAGES: 'endless' }),
      await floor.submit({}),
    ];
    await floor.batch.send(new CancelJobCommand({ jobId: waiting.jobId, reason: 'changed my mind' }));
    await floor.batch.send(new CancelJobCommand({ jobId: first.jobId, reason: 'changed my mind' }));
    expect(await floor.describeJob(waiting.jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: 'changed my mind',
      isCancelled: true,
    });
    expect(await floor.describeJob(first.jobId)).toMatchObject({ status: 'RUNNING' });
    for (const { jobId } of [first, second])
      await floor.batch.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
    await Promise.all([floor.finish(first), floor.finish(second)]);
  });

  it('refuses what the stack does not have', async () => {
    await expect(floor.submit({}, { jobQueue: 'spot-diffusion-use1-az3-g6-xlarge-spot' })).rejects.toMatchObject({
      name: 'ClientException',
    });
    await expect(floor.submit({}, { jobDefinition: 'other' })).rejects.toThrow('JobDefinition other not found');
    await expect(floor.submit({}, { retryStrategy: { attempts: 3 } })).rejects.toThrow(
      'Expected `retryStrategy.attempts` to be 1, got `3`.',
    );
    await expect(floor.submit({}, { timeout: { attemptDurationSeconds: 59 } })).rejects.toThrow('at least 60');
  });

  it('is found by its name in any state, by the exact name or its beginning', async () => {
    const job = await floor.submit({}, { jobName: 'J-shard-0-1' });
    await floor.finish(job);
    const list = async (value: string, jobQueue = queue) => {
      const { jobSummaryList = [] } = await floor.batch.send(
        new ListJobsCommand({ jobQueue, filters: [{ name: 'JOB_NAME', values: [value] }] }),
      );
      return jobSummaryList.map(({ jobName }) => jobName);
    };
    expect(await list('j-shard-0-1')).toEqual(['J-shard-0-1']);
    expect(await list('J-shard*')).toEqual(['J-shard-0-1']);
    expect(await list('J-shard')).toEqual([]);
    expect(await list('J-shard-0-1', 'spot-diffusion-any-g6-xlarge-spot')).toEqual([]);
    const { jobSummaryList = [] } = await floor.batch.send(
      new ListJobsCommand({ jobQueue: queue, jobStatus: 'SUCCEEDED', maxResults: 1 }),
    );
    expect(jobSummaryList).toHaveLength(1);
  });
});

describe('the metadata service of a job', () => {
  it('wants a token, and knows where the host is', async () => {
    const job = await floor.submit({ IMAGES: 'endless' });
    const base = `${floor.endpoint}/_imds/${job.jobId}/latest`;
    expect((await fetch(`${base}/meta-data/instance-id`)).status).toBe(401);
    const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
    const token = await (await fetch(`${base}/api/token`, { method: 'PUT', headers })).text();
    const read = async (item: string) => {
      const answer = await fetch(`${base}/meta-data/${item}`, { headers: { 'x-aws-ec2-metadata-token': token } });
      return answer.ok ? answer.text() : answer.status;
    };
    expect(await read('instance-id')).toMatch(/^i-0/);
    expect(await read('instance-type')).toBe('g6.xlarge');
    expect(await read('instance-life-cycle')).toBe('spot');
    expect(await read('placement/availability-zone-id')).toBe('use1-az4');
    expect(await read('spot/instance-action')).toBe(404);
    await floor.batch.send(new TerminateJobCommand({ jobId: job.jobId, reason: 'enough' }));
    await floor.finish(job);
  });
});
