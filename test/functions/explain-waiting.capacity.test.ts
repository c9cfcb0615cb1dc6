import { describe, expect, it } from 'vitest';
import { classifyEnd } from '../../functions/core/shard/classify-end.ts';
import { misfit, noCapacity, pool, setUpAccount, undetermined } from './waiting-account.ts';

describe('no capacity', () => {
  it('closes the pool once and cancels all that wait in its queue, not shard by shard', async () => {
    const { handle, blocked, queue, closedPools, wait, timers } = setUpAccount();
    expect(await handle(blocked(noCapacity))).toMatchObject({
      action: 'closed-pool',
      verdict: 'capacity',
      canceled: 2,
    });
    expect(await closedPools.list()).toEqual([{ pool, until: '2026-11-23T22:10:00.000Z' }]);
    const reason = `CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY: pool ${pool} closed for all jobs until 22:10 UTC`;
    expect(queue.canceled).toEqual([
      { id: 'batch-1', reason },
      { id: 'batch-2', reason },
    ]);
    expect((await wait())?.sentence).toBe(`no capacity in ${pool}`);
    expect(timers.pending.size).toBe(0);
  });

  it('is what the workflow reads in each of them', async () => {
    const { handle, blocked, queue } = setUpAccount();
    await handle(blocked(noCapacity));
    const cause = JSON.stringify({ JobId: 'a', Status: 'FAILED', StatusReason: queue.canceled[1]?.reason });
    expect(classifyEnd({ stage: 'run', error: 'States.TaskFailed', cause }).outcome).toBe('NoSpotCapacity');
  });

  it('is said of the siblings as well, which were told of it by their end alone', async () => {
    const { handle, change, blocked, queue, clock, wait } = setUpAccount();
    await handle(change('RUNNABLE', {}, 'batch-2'));
    clock.advance(420);
    await handle(blocked(noCapacity));
    const statusReason = queue.jobs.get('batch-2')?.statusReason;
    await handle(change('FAILED', { statusReason }, 'batch-2'));
    expect(await wait('job-1-s1-a1')).toMatchObject({
      verdict: 'capacity',
      sentence: `no capacity in ${pool}`,
      until: '2026-11-23T22:07:00.000Z',
    });
  });

  it('cancels again what a failed invocation left, and closes the pool from then on', async () => {
    const { handle, blocked, queue, closedPools, clock, become } = setUpAccount();
    const event = blocked(noCapacity);
    await handle(event);
    clock.advance(30);
    become({ status: 'RUNNABLE', statusReason: noCapacity });
    expect(await handle(event)).toMatchObject({ action: 'closed-pool', canceled: 1 });
    expect(queue.canceled).toHaveLength(3);
    expect(await closedPools.list()).toEqual([{ pool, until: '2026-11-23T22:10:30.000Z' }]);
  });

  it('is old news where the job has started: the event came late or twice', async () => {
    const { handle, blocked, become, closedPools, queue } = setUpAccount();
    const event = blocked(noCapacity);
    become({ status: 'STARTING' });
    expect(await handle(event)).toEqual({ action: 'ignored' });
    expect([await closedPools.list(), queue.canceled]).toEqual([[], []]);
  });

  it('is seen by a look where the event was lost', async () => {
    const { handle, change, become, look, closedPools } = setUpAccount();
    await handle(change('RUNNABLE'));
    become({ statusReason: noCapacity });
    expect(await look()).toMatchObject({ action: 'closed-pool', canceled: 2 });
    expect(await closedPools.list()).toHaveLength(1);
  });

  it('goes by the reason of the event where Batch no longer gives one', async () => {
    const { handle, blocked, become } = setUpAccount();
    const event = blocked(noCapacity);
    become({ statusReason: '' });
    expect(await handle(event)).toMatchObject({ action: 'closed-pool' });
  });
});

describe('a quota', () => {
  it('that is zero is not held against the pool, and ends the job the second time', async () => {
    const { handle, blocked, look, closedPools, queue, wait } = setUpAccount({ have: 0, used: 0 });
    expect(await handle(blocked(noCapacity))).toMatchObject({
      action: 'looks-again',
      verdict: 'quota-zero: L-3819A6DF',
      sentence:
        'quota L-3819A6DF (All G and VT Spot Instance Requests): have 0 vCPUs, 0 used, need 4 for ' +
        `${pool}; nothing of it can start until the quota is raised`,
    });
    expect(queue.canceled).toEqual([]);
    expect(await look()).toMatchObject({ action: 'gave-up' });
    expect(queue.canceled).toEqual([{ id: 'batch-1', reason: `WorkerNeverStarted: ${(await wait())?.sentence}` }]);
    expect(await closedPools.list()).toEqual([]);
  });

  it('that is full lets the job wait, look after look', async () => {
    const { handle, blocked, look, closedPools, queue, wait } = setUpAccount({ have: 8, used: 6 });
    await handle(blocked(undetermined));
    for (const action of ['looks-again', 'looks-again']) expect(await look()).toMatchObject({ action });
    expect((await wait())?.sentence).toMatch(
      /have 8 vCPUs, 6 used, need 4 for .+; it starts when another instance ends$/,
    );
    expect([await closedPools.list(), queue.canceled]).toEqual([[], []]);
  });

  it('is found behind a job that waits without a reason', async () => {
    const { handle, change, look } = setUpAccount({ have: 0 });
    await handle(change('RUNNABLE'));
    expect(await look()).toMatchObject({ action: 'looks-again', verdict: 'quota-zero: L-3819A6DF' });
    expect(await look()).toMatchObject({ action: 'gave-up' });
  });

  it('that has room leaves the verdict as it is', async () => {
    const { handle, blocked } = setUpAccount({ have: 8, used: 4 });
    expect(await handle(blocked(noCapacity))).toMatchObject({ action: 'closed-pool' });
  });

  it('that may not be read is said in the sentence, and what is known counts', async () => {
    const denied = setUpAccount({});
    expect(await denied.handle(denied.blocked(noCapacity))).toMatchObject({
      action: 'closed-pool',
      sentence: `no capacity in ${pool} (the quota L-3819A6DF could not be read: it may be that)`,
    });
    const half = setUpAccount({ have: 8 });
    expect(await half.handle(half.blocked(undetermined))).toMatchObject({
      verdict: 'undetermined',
      sentence:
        `AWS Batch can't say why it does not start in ${pool} ` +
        '(what is used of the quota L-3819A6DF could not be read: it may be full)',
    });
  });

  it('is not asked for where Batch names a misconfiguration', async () => {
    const { handle, blocked, asked } = setUpAccount({ have: 0 });
    expect(await handle(blocked(misfit))).toMatchObject({ verdict: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT' });
    expect(asked).toEqual([]);
  });
});
