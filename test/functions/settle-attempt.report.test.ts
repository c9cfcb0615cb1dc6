import { describe, expect, it } from 'vitest';
import { makeFakeQueue } from '../fakes/batch-queue.ts';
import { aPick, aQueuedJob, aWait, startedAt } from '../fakes/builders.ts';
import { setUp, succeeded } from './settling.ts';

describe('settle-attempt, for the report,', () => {
  it('keeps the times of the attempt, why it waited and among which pools it was picked', async () => {
    const { waits, settle, settlement } = await setUp();
    await waits.write(aWait({ sentence: 'no capacity in use1-az1', until: '2026-11-23T22:04:00.000Z' }));
    const ranked = [{ pool: 'p', gpu: 'L4', usdPerHour: 1, usdPerImage: 1, minutes: 1, why: 'cheapest image' }];
    await settle(succeeded({ CreatedAt: 1e12 - 60_000 }), { pick: aPick({ ranked }) });
    expect(await settlement()).toMatchObject({
      createdAt: new Date(1e12 - 60_000).toISOString(),
      startedAt: new Date(1e12).toISOString(),
      stoppedAt: new Date(1e12 + 390_000).toISOString(),
      wait: { sentence: 'no capacity in use1-az1', until: '2026-11-23T22:04:00.000Z' },
      ranked,
    });
  });

  it('keeps the times of a job that it had to end itself', async () => {
    const queue = makeFakeQueue([aQueuedJob({ status: 'RUNNING', startedAt: Date.parse(startedAt) + 1000 })]);
    const { settle, settlement } = await setUp({ queue });
    await settle({ stage: 'run', error: 'States.Timeout', cause: '' });
    expect(await settlement()).toMatchObject({ createdAt: startedAt, startedAt: '2026-11-23T22:00:01.000Z' });
  });

  it('keeps each time in which the shard had no pool, with its reason', async () => {
    const { bucket, clock, settle } = await setUp({ timeScale: 0.5 });
    const none = { pick: undefined, attempt: 2 };
    const refused = { stage: 'pick', error: 'NoSpotCapacity', cause: 'No capacity for shard 0' };
    const pause = async (number: number) =>
      JSON.parse((await bucket.read(`jobs/job-1/attempts/00000-${number}.pause.json`)) ?? 'null');
    const from = new Date(clock.now()).toISOString();
    const { tried } = await settle(refused, none);
    expect(await pause(1)).toEqual({ version: 1, shard: 0, from, seconds: 15, reason: 'No capacity for shard 0' });
    clock.advance(60);
    await settle(refused, none);
    expect((await pause(1)).from).toBe(from); // a repeated call changes nothing
    await settle(refused, { ...none, tried });
    expect(await pause(2)).toMatchObject({ shard: 0, seconds: 30 });
  });
});
