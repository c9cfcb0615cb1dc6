import fc from 'fast-check';
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
import { ledgerConformance } from '../fakes/ledger.conformance.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { makeFakeNotifier } from '../fakes/notifier.ts';
import { makeFakeMarket } from '../fakes/spot-market.ts';
import { makeFakeTimers } from '../fakes/timers.ts';
import { waitsConformance } from '../fakes/waits.conformance.ts';
import { makeFakeWaits } from '../fakes/waits.ts';

describe('the bucket in memory', () => {
  bucketConformance(() => makeFakeBucket());

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

  it('never commits more than the limit, whatever is reserved and settled (below its reservation) in any order', async () => {
    const step = fc.record({ attempt: fc.nat(12), cents: fc.nat(60), spend: fc.boolean(), part: fc.nat(100) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const ledger = makeFakeLedger();
        const reserved = new Map<string, number>();
        for (const { attempt, cents, spend, part } of steps) {
          const jobName = `a${attempt}`;
          if (spend) {
            await ledger.settle('job-1', jobName, ((reserved.get(jobName) ?? 0) * part) / 100);
          } else if (await ledger.reserve(aReservation({ jobName, usd: cents / 100 }), 1)) {
            reserved.set(jobName, reserved.get(jobName) ?? cents / 100);
          }
          expect(ledger.committedUsd('job-1')).toBeLessThanOrEqual(1);
        }
      }),
    );
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
    expect(await queue.terminate('other', 'a', 'why')).toBe(false);
    expect(await queue.terminate('q', 'a', 'why')).toBe(true);
    expect(await queue.terminate('q', 'a', 'why')).toBe(false);
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
    await expect(makeFakeNotifier().send({ subject, message: 'm' }, {})).rejects.toThrow(TypeError);
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
