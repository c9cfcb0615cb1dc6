import { CancelJobCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBatchFloor, type BatchFloor } from './batch-floor.ts';

let floor: BatchFloor;
beforeAll(async () => {
  floor = await aBatchFloor([
    { kind: 'interrupt', afterImages: 2, attempt: 11, noticeSeconds: 30 },
    { kind: 'interrupt', afterImages: 1, attempt: 12, noticeSeconds: 1 },
    { kind: 'lose', afterImages: 2, attempt: 13 },
    { kind: 'kill', afterImages: 0, attempt: 14 },
    { kind: 'fault', exitCode: 81, attempt: 15 },
    { kind: 'slowStart', seconds: 0.6, attempt: 16 },
    { kind: 'slowStart', seconds: 60, attempt: 17 },
    { kind: 'lose', afterImages: 0, starting: true, attempt: 18 },
    { kind: 'kill', afterImages: 0, afterSeconds: 0.8, attempt: 19 },
    { kind: 'capacity', pool: 'use1-az6' },
    { kind: 'capacity', pool: 'any/g5.xlarge/spot', times: 2 },
  ]);
});
afterAll(() => floor.end());

describe('a drill', () => {
  it('announces an interruption that the worker sees and obeys', async () => {
    const job = await floor.submit({ IMAGES: 'endless', ATTEMPT: '11' });
    expect(await floor.finish(job)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Essential container in task exited',
      container: { exitCode: 80 },
    });
    const notice = JSON.parse(/notice (.*)/.exec(await floor.logOf(job))?.[1] ?? '{}');
    expect(notice).toEqual({ action: 'terminate', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) });
    expect(Date.parse(notice.time) - Date.now()).toBeGreaterThan(20_000);
  });

  it('takes the host at the announced time from a worker that does not', async () => {
    const job = await floor.finish(await floor.submit({ IMAGES: 'endless', ATTEMPT: '12', IGNORE_NOTICE: '1' }));
    expect(job.statusReason).toMatch(/^Host EC2 \(instance i-0[0-9a-f]{16}\) terminated\.$/);
    expect(job.container?.exitCode).toBeUndefined();
  });

  it('loses a host without a word once the images are in the bucket', async () => {
    const job = await floor.finish(await floor.submit({ IMAGES: 'endless', ATTEMPT: '13' }));
    expect(job.statusReason).toMatch(/^Host EC2 /);
    expect(floor.lines).toContain(`${job.jobName} in use1-az4/g6.xlarge/spot: drill, lose after 2 images`);
  });

  it('kills the worker alone', async () => {
    const job = await floor.finish(await floor.submit({ IMAGES: 'endless', ATTEMPT: '14' }));
    expect(job).toMatchObject({ statusReason: 'Essential container in task exited', container: { exitCode: 137 } });
  });

  it('lets the container fail before the worker begins', async () => {
    const job = await floor.finish(await floor.submit({ ATTEMPT: '15' }));
    expect(job).toMatchObject({ status: 'FAILED', container: { exitCode: 81 } });
    await expect(floor.logOf(job)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets a container take its time to begin', async () => {
    const job = await floor.submit({ ATTEMPT: '16' });
    expect(job).toMatchObject({ status: 'STARTING' });
    expect(job.startedAt).toBeUndefined();
    const { createdAt = 0, startedAt = 0, status } = await floor.finish(job);
    expect(startedAt - createdAt).toBeGreaterThanOrEqual(600);
    expect(status).toBe('SUCCEEDED');
  });

  it('ends a container that has not begun by TerminateJob, not by CancelJob, and gives its place to the next', async () => {
    const slow = await floor.submit({ ATTEMPT: '17' });
    await floor.batch.send(new CancelJobCommand({ jobId: slow.jobId, reason: 'too late' }));
    expect(await floor.describeJob(slow.jobId)).toMatchObject({ status: 'STARTING', isTerminated: false });
    await floor.batch.send(new TerminateJobCommand({ jobId: slow.jobId, reason: 'enough' }));
    const ended = await floor.finish(slow);
    expect(ended).toMatchObject({ status: 'FAILED', statusReason: 'enough' });
    expect(ended.startedAt).toBeUndefined();
    const next = [await floor.submit({ ATTEMPT: '1' }), await floor.submit({ ATTEMPT: '1' })];
    for (const job of next) expect(await floor.finish(job)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('loses a host before the container begins', async () => {
    const job = await floor.finish(await floor.submit({ ATTEMPT: '18' }));
    expect(job.statusReason).toMatch(/^Host EC2 /);
    expect(job.startedAt).toBeUndefined();
    await expect(floor.logOf(job)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('strikes a worker after so many seconds', async () => {
    const job = await floor.finish(await floor.submit({ IMAGES: 'endless', ATTEMPT: '19' }));
    expect(job.container?.exitCode).toBe(137);
    expect((job.stoppedAt ?? 0) - (job.startedAt ?? 0)).toBeGreaterThanOrEqual(800);
  });

  it('happens once', async () => {
    expect(await floor.finish(await floor.submit({ ATTEMPT: '15' }))).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('refuses capacity in a zone, or as often as it says in a pool', async () => {
    const inZone = { jobQueue: 'spot-diffusion-use1-az6-g6-xlarge-spot' };
    const waiting = await floor.submit({}, inZone);
    expect(waiting).toMatchObject({
      status: 'RUNNABLE',
      statusReason: expect.stringMatching(/^CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - /),
    });
    const refused = await floor.finish(waiting);
    expect(refused.statusReason).toBe(
      'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    );
    expect(refused.startedAt).toBeUndefined();
    expect(await floor.finish(await floor.submit({}, inZone))).toMatchObject({ status: 'SUCCEEDED' });
    const inPool = { jobQueue: 'spot-diffusion-any-g5-xlarge-spot' };
    const ends = [
      await floor.finish(await floor.submit({}, inPool)),
      await floor.finish(await floor.submit({}, inPool)),
      await floor.finish(await floor.submit({}, inPool)),
    ];
    expect(ends.map((job) => job.status)).toEqual(['FAILED', 'FAILED', 'SUCCEEDED']);
  });
});
