import { describe, expect, it } from 'vitest';
import { classifyEnd } from '../../functions/core/shard/classify-end.ts';
import { aQueuedJob, startedAt } from '../fakes/builders.ts';
import { makeFakeWaits } from '../fakes/waits.ts';
import documented from '../fixtures/batch-job-queue-blocked.json' with { type: 'json' };
import { misfit, noCapacity, pool, setUpAccount, undetermined, unknown } from './waiting-account.ts';

describe('a job that waits for its instance', () => {
  it('is explained from the first event on, and a timer looks again in ten minutes', async () => {
    const { handle, change, wait, timers, asked } = setUpAccount();
    expect(await handle(change('RUNNABLE'))).toMatchObject({ action: 'looks-again', verdict: 'scaling' });
    expect(await wait()).toEqual({
      jobId: 'job-1',
      jobName: 'job-1-s0-a1',
      pool,
      verdict: 'scaling',
      sentence: `an instance starts in ${pool}, usually in 3 to 6 minutes`,
      since: startedAt,
      at: startedAt,
    });
    expect([...timers.pending.keys()]).toEqual([expect.stringMatching(/^look-again-[0-9a-f]{32}$/)]);
    expect([...timers.pending.values()].map((timer) => timer.at.toISOString())).toEqual(['2026-11-23T22:10:00.000Z']);
    expect(asked).toEqual([]);
  });

  it.each(['STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'])(
    'is over when it is %s, and the sentence stays',
    async (status) => {
      const { handle, change, clock, wait } = setUpAccount();
      await handle(change('RUNNABLE'));
      clock.advance(240);
      expect(await handle(change(status))).toMatchObject({ action: 'ended', waitedSeconds: 240 });
      expect(await wait()).toMatchObject({ verdict: 'scaling', until: '2026-11-23T22:04:00.000Z' });
    },
  );

  it('has waited until it started, also where that is noticed late', async () => {
    const { handle, change, become, look, wait } = setUpAccount();
    await handle(change('RUNNABLE'));
    become({ status: 'RUNNING', startedAt: Date.parse('2026-11-23T22:05:00.000Z') });
    expect(await look()).toMatchObject({ action: 'ended', waitedSeconds: 300 });
    expect((await wait())?.until).toBe('2026-11-23T22:05:00.000Z');
  });

  it('is explained once, however often and in whatever order its events come', async () => {
    const { handle, change, eventOf, wait, timers, clock, blocked } = setUpAccount();
    const runnable = change('RUNNABLE');
    await handle(runnable);
    await handle(runnable);
    expect(timers.pending.size).toBe(1);
    await handle(blocked(misfit));
    clock.advance(60);
    expect(await handle(eventOf('State Change', aQueuedJob()))).toEqual({ action: 'ignored' });
    expect((await wait())?.verdict).toBe('MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT');
    await handle(change('STARTING'));
    expect(await handle(change('RUNNING'))).toEqual({ action: 'ignored' });
    expect(await handle(runnable)).toEqual({ action: 'ignored' });
    expect((await wait())?.until).toBe('2026-11-23T22:01:00.000Z');
  });

  it('goes on being looked at where no reason is given', async () => {
    const { handle, change, look, wait, timers, queue, asked } = setUpAccount();
    await handle(change('RUNNABLE'));
    expect(await look()).toMatchObject({ action: 'looks-again', verdict: 'scaling', waitedSeconds: 600 });
    expect(await look()).toMatchObject({ action: 'looks-again' });
    expect((await wait())?.sentence).toBe(
      `no instance in ${pool} after 20 minutes and no reason given; other jobs may be before it`,
    );
    expect(asked.slice(0, 2)).toEqual(['L-3819A6DF', 'spot g* vt*']);
    expect([timers.pending.size, queue.canceled]).toEqual([1, []]);
  });

  it('is over where Batch has forgotten it', async () => {
    const { handle, change, look, queue, wait } = setUpAccount();
    await handle(change('RUNNABLE'));
    queue.jobs.clear();
    expect(await look()).toMatchObject({ action: 'ended' });
    expect((await wait())?.until).toBe('2026-11-23T22:10:00.000Z');
  });
});

describe('any other reason', () => {
  it.each([misfit, undetermined, unknown, 'ACTION_REQUIRED - CE(s) associated with the job queue are invalid.'])(
    'ends the job only when it stands there twice: %s',
    async (reason) => {
      const { handle, blocked, look, queue, closedPools, change, wait, timers } = setUpAccount();
      expect(await handle(blocked(reason))).toMatchObject({ action: 'looks-again' });
      expect(queue.canceled).toEqual([]);
      expect(await look()).toMatchObject({ action: 'gave-up', canceled: 1 });
      const said = queue.canceled[0]?.reason ?? '';
      expect(said).toBe(`WorkerNeverStarted: ${(await wait())?.sentence}`);
      expect(queue.canceled).toHaveLength(1);
      const cause = JSON.stringify({ JobId: 'a', Status: 'FAILED', StatusReason: said });
      expect(classifyEnd({ stage: 'run', error: 'States.TaskFailed', cause }).outcome).toBe('WorkerNeverStarted');
      const before = await wait();
      await handle(change('FAILED', { statusReason: said }));
      expect(await wait()).toEqual({ ...before, until: '2026-11-23T22:10:00.000Z' });
      expect([await closedPools.list(), timers.pending.size]).toEqual([[], 0]);
    },
  );

  it('keeps its literal text where nobody knows it', async () => {
    const { handle, blocked } = setUpAccount();
    expect(await handle(blocked(unknown))).toMatchObject({
      verdict: `unknown: ${unknown}`,
      sentence: `AWS Batch gives a reason unknown to us in ${pool}: ${unknown}`,
    });
  });

  it('may be wrong while an instance is on its way (nextflow#7479): the job that starts is left alone', async () => {
    const { handle, change, blocked, clock, timers, queue, wait } = setUpAccount();
    await handle(change('RUNNABLE'));
    clock.advance(188);
    await handle(blocked(misfit));
    clock.advance(180);
    await handle(change('STARTING', { statusReason: '' }));
    clock.advance(600);
    for (const { event } of timers.pending.values()) expect(await handle(event)).toEqual({ action: 'ignored' });
    expect(queue.canceled).toEqual([]);
    expect(await wait()).toMatchObject({ until: '2026-11-23T22:06:08.000Z' });
  });

  it('that gives way to another begins anew', async () => {
    const { handle, blocked, become, look, queue, wait } = setUpAccount();
    await handle(blocked(misfit));
    become({ statusReason: undetermined });
    expect(await look()).toMatchObject({ action: 'looks-again', verdict: 'undetermined' });
    expect(await wait()).toMatchObject({ at: '2026-11-23T22:10:00.000Z', since: startedAt });
    become({ statusReason: misfit });
    expect(await look()).toMatchObject({ action: 'looks-again' });
    expect(queue.canceled).toEqual([]);
    expect(await look()).toMatchObject({ action: 'gave-up' });
  });

  it('that stands there for less than ten minutes does not end the job by an older timer', async () => {
    const { handle, change, blocked, clock, timers, queue } = setUpAccount();
    await handle(change('RUNNABLE'));
    const [first] = timers.pending.values();
    clock.advance(300);
    await handle(blocked(misfit));
    clock.advance(300);
    expect(await handle(first?.event)).toEqual({ action: 'ignored' });
    expect([timers.pending.size, queue.canceled]).toEqual([2, []]);
  });

  it('makes one timer, however often its event is delivered', async () => {
    const { handle, blocked, timers, clock } = setUpAccount();
    const event = blocked(misfit);
    await handle(event);
    clock.advance(20);
    expect(await handle(event)).toEqual({ action: 'ignored' });
    expect(timers.pending.size).toBe(1);
  });

  it('is done again in full where an invocation failed halfway', async () => {
    const broken = makeFakeWaits();
    let fails = 1;
    const waits = {
      ...broken,
      write: (...given: Parameters<typeof broken.write>) =>
        fails-- > 0 ? Promise.reject(new Error('throttled')) : broken.write(...given),
    };
    const { handle, blocked, timers, clock } = setUpAccount(undefined, { waits });
    const event = blocked(misfit);
    await expect(handle(event)).rejects.toThrow('throttled');
    clock.advance(20);
    expect(await handle(event)).toMatchObject({ action: 'looks-again' });
    expect(timers.pending.size).toBe(1);
  });
});

describe('what is not ours', () => {
  it('is ignored: the documented event of another queue', async () => {
    const { handle, waits } = setUpAccount();
    expect(await handle(documented)).toEqual({ action: 'ignored' });
    expect(await waits.find('job-1', 'event-test')).toBeUndefined();
  });

  it.each([[[]], [[{ name: 'JOB_ID', value: '' }]], [[{ name: 'BUCKET', value: 'b' }]]])(
    'is ignored: a job in one of our queues that no workflow sent, environment %j',
    async (environment) => {
      const { handle, eventOf, queue, closedPools } = setUpAccount();
      const job = aQueuedJob({ statusReason: noCapacity });
      expect(await handle(eventOf('Queue Blocked', job, environment))).toEqual({ action: 'ignored' });
      expect([queue.canceled, await closedPools.list()]).toEqual([[], []]);
    },
  );

  it('is ignored: the end of a job of which nothing was said, and a pool that is no longer deployed', async () => {
    const { handle, change, blocked, timers, clock } = setUpAccount();
    expect(await handle(change('SUCCEEDED'))).toEqual({ action: 'ignored' });
    await handle(blocked(misfit, 'batch-2'));
    const [timer] = timers.pending.values();
    const { handle: other, waits, queue } = setUpAccount(undefined, { zones: [], instanceTypes: [] });
    const look = Object(timer?.event).look;
    await waits.write({ ...look, sentence: 's', since: look.at });
    queue.jobs.set('batch-2', aQueuedJob({ id: 'batch-2' }));
    clock.advance(600);
    expect(await other({ look })).toEqual({ action: 'ignored' });
  });

  it('is refused: an event of another kind', async () => {
    const { handle } = setUpAccount();
    await expect(handle({ ...documented, 'detail-type': 'Batch Service Job Queue Blocked' })).rejects.toThrow();
    await expect(handle({ look: {} })).rejects.toThrow();
  });
});
