import { describe, expect, it } from 'vitest';
import { makeFakeQueue } from '../fakes/batch-queue.ts';
import { bucketConformance } from '../fakes/bucket.conformance.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aQueuedJob, aReservation } from '../fakes/builders.ts';
import { claimsConformance } from '../fakes/claims.conformance.ts';
import { makeFakeClaims } from '../fakes/claims.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { closedPoolsConformance } from '../fakes/closed-pools.conformance.ts';
import { makeFakeClosedPools } from '../fakes/closed-pools.ts';
import { learnedConformance } from '../fakes/learned.conformance.ts';
import { makeFakeLearned } from '../fakes/learned.ts';
import { ledgerConformance } from '../fakes/ledger.conformance.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { aLesson } from '../fakes/lesson.ts';
import { makeFakeNotifier } from '../fakes/notifier.ts';
import { aSlotRequest } from '../fakes/slot-request.ts';
import { slotsConformance } from '../fakes/slots.conformance.ts';
import { makeFakeSlots } from '../fakes/slots.ts';
import { makeFakeMarket } from '../fakes/spot-market.ts';
import { makeFakeTimers } from '../fakes/timers.ts';
import { waitsConformance } from '../fakes/waits.conformance.ts';
import { makeFakeWaits } from '../fakes/waits.ts';

describe('the bucket in memory', () => {
  bucketConformance(() => makeFakeBucket());

  it('lists 1,000 keys at once, as S3 does, and says whether there are more', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    const bucket = makeFakeBucket(Object.fromEntries(keys.map((key) => [key, 'x'])));
    expect(await bucket.listAfter('many/', 'many/')).toEqual({ keys: keys.slice(0, 1000), isLast: false });
    expect(await bucket.listAfter('many/', 'many/0000')).toEqual({ keys: keys.slice(1), isLast: true });
  });

  it.each(['', '/a', 'jobs//a', 'jobs/undefined/a'])('is loud about the key %j', async (key) => {
    await expect(makeFakeBucket().write(key, 'x')).rejects.toThrow(TypeError);
  });
});

describe('the ledger in memory', () => {
  ledgerConformance(makeFakeLedger);

  it('is loud about an amount that is none', async () => {
    await expect(makeFakeLedger().reserve(aReservation({ usd: Number.NaN }))).rejects.toThrow(TypeError);
    await expect(makeFakeLedger().settle('job-1', 'a', -1)).rejects.toThrow(TypeError);
  });
});

describe('the slots in memory', () => {
  slotsConformance((clock) => makeFakeSlots(clock.now));

  it('are loud about a request that is none', async () => {
    const slots = makeFakeSlots(() => 0);
    await expect(slots.take(aSlotRequest({ vcpus: 0 }))).rejects.toThrow(TypeError);
    await expect(slots.take(aSlotRequest({ until: 0 }))).rejects.toThrow(TypeError);
    await expect(slots.free('a', Number.NaN)).rejects.toThrow(TypeError);
  });
});

describe('what was learned, in memory', () => {
  learnedConformance((clock) => makeFakeLearned(clock.now));

  it('is loud about a lesson of nobody', async () => {
    await expect(makeFakeLearned(() => 0).add(aLesson({ pool: '' }))).rejects.toThrow(TypeError);
  });
});

describe('the claims in memory', () => {
  claimsConformance(() => makeFakeClaims());
});

describe('the closed pools in memory', () => {
  closedPoolsConformance((clock) => makeFakeClosedPools(clock.now));

  it('are loud about a time that is none', async () => {
    const pools = makeFakeClosedPools(() => 0);
    await expect(pools.close({ pool: 'any/g6.xlarge/spot', until: 'soon' })).rejects.toThrow(TypeError);
  });
});

describe('the waits in memory', () => {
  waitsConformance(makeFakeWaits);
});

describe('the other fakes', () => {
  it('terminates a queued job once', async () => {
    const queue = makeFakeQueue([{ queue: 'q', jobName: 'a' }]);
    expect(await queue.terminate('other', 'a', 'why')).toBeUndefined();
    expect(await queue.terminate('q', 'a', 'why')).toMatchObject({ status: 'RUNNING' });
    expect(await queue.terminate('q', 'a', 'again')).toMatchObject({ status: 'FAILED', statusReason: 'why' });
    await expect(queue.terminate('q', 'a', '')).rejects.toThrow(TypeError);
  });

  it('cancels a job that waits, and none that has started', async () => {
    const queue = makeFakeQueue([], [aQueuedJob(), aQueuedJob({ id: 'batch-2', status: 'STARTING' })]);
    expect(await queue.cancelWaiting(aQueuedJob().queue, 'why')).toBe(1);
    await queue.cancel('batch-2', 'why');
    expect(queue.canceled).toEqual([{ id: 'batch-1', reason: 'why' }]);
    expect(await queue.describe('batch-1')).toMatchObject({ status: 'FAILED', statusReason: 'why' });
  });

  it('refuses timers that EventBridge Scheduler refuses', async () => {
    const timers = makeFakeTimers(() => 1000);
    await expect(timers.set('a b', new Date(2000), {})).rejects.toThrow(TypeError);
    await expect(timers.set('a', new Date(1000), {})).rejects.toThrow(TypeError);
    expect(() => timers.fire()).toThrow(TypeError);
  });

  it.each(['', 'two\nlines', 'grüße', 'x'.repeat(100)])('refuses the subject %j as SNS does', async (subject) => {
    await expect(makeFakeNotifier().send({ subject, message: 'm', chat: '{}' }, {})).rejects.toThrow(TypeError);
  });

  it('answers for the types that are asked for', async () => {
    const market = makeFakeMarket([{ azId: 'a', instanceType: 'g5.xlarge', usdPerHour: 1 }]);
    expect(await market.currentPrices(['g6.xlarge'])).toEqual([]);
    expect(await market.currentPrices(['g5.xlarge'])).toHaveLength(1);
    await expect(market.currentPrices([])).rejects.toThrow(TypeError);
  });

  it('moves its clock only when told', () => {
    const clock = makeFakeClock('2026-11-23T22:00:00Z');
    const before = clock.now();
    expect(clock.now()).toBe(before);
    clock.advance(2);
    expect(clock.now()).toBe(before + 2000);
  });
});
