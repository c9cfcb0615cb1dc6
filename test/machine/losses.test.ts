import { afterEach, describe, expect, it } from 'vitest';
import type { Guard } from '../../local/address/guard.ts';
import { toJsonError } from '../../local/address/wire.ts';
import { ZONES } from '../../local/market/pools.ts';
import { INSTANCE_TYPES } from '../../local/market/published-prices.ts';
import type { DrillEvent } from '../../local/start.ts';
import { type Machine, openMachine } from './harness.ts';

/** One Spot type is below it: five zones and any zone. */
const oneType = { maxUsdPerHour: 0.21 };

/** Every Spot pool refuses, on-demand does not. */
const noSpot = [...ZONES.map(({ id }) => id), ...INSTANCE_TYPES.map((type) => `any/${type}/spot`)].map(
  (pool): DrillEvent => ({ kind: 'capacity', pool, times: 1000 }),
);

/** Answers the first submits as AWS Batch does above 50 calls a second. */
function throttle(times: number): Guard & { readonly refused: () => number } {
  let refused = 0;
  return {
    admit: async ({ path }) => {
      if (path !== '/v1/submitjob' || refused >= times) return undefined;
      refused += 1;
      return toJsonError(429, 'TooManyRequestsException', 'Too Many Requests');
    },
    observe: () => {},
    refused: () => refused,
  };
}

describe('the state machine, when Spot is lost or refused everywhere', () => {
  let machine: Machine | undefined;
  const open = async (drill: readonly DrillEvent[], guard?: Guard) => {
    machine = await openMachine(drill, { guard });
    return machine;
  };
  afterEach(async () => {
    await machine?.close();
    machine = undefined;
  });

  it('goes on demand where it may, after each Spot pool of its type was asked once', async () => {
    const { run, receipt } = await open(noSpot);
    const { status, queues, jobId } = await run({ prompt: 'a star', sameGpu: true, onDemand: 'fallback' });
    expect(status).toBe('SUCCEEDED');
    expect(queues).toHaveLength(ZONES.length + 2);
    expect(new Set(queues).size).toBe(queues.length);
    const { attempts } = await receipt(jobId);
    expect(attempts.at(-1)).toMatchObject({ outcome: 'Succeeded', pool: expect.stringMatching(/\/on-demand$/) });
    expect(attempts.slice(0, -1).map(({ outcome }) => outcome)).toEqual(queues.slice(1).map(() => 'NoSpotCapacity'));
  });

  it('fails with NoSpotCapacity at the deadline, and lists what it tried, when and why', async () => {
    const { run, receipt, manifest } = await open([{ kind: 'capacity', pool: '*', times: 1000 }]);
    const readyBy = new Date(Date.now() + 15_000).toISOString();
    const { status, description, states, jobId } = await run({ prompt: 'a star', ...oneType, readyBy });
    expect(status).toBe('FAILED');
    expect(states).toContain('Wait for capacity');
    expect(description.error).toBe('NoSpotCapacity');
    expect(description.cause).toMatch(
      /`readyBy` 20\d\d-\S+Z has passed: it waits no longer\. Tried: .*NoSpotCapacity 20/,
    );
    const { attempts, failure } = await receipt(jobId);
    expect(failure?.cause).toBe(description.cause);
    expect(new Set(attempts.map(({ pool }) => pool)).size).toBe(6);
    for (const { pool, endedAt, reason, usd } of attempts) {
      expect(description.cause).toContain(pool);
      expect(endedAt).toMatch(/^20\d\d-/);
      expect(reason).toContain('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
      expect(usd).toBe(0);
    }
    expect((await manifest(jobId)).map((line) => line.status)).toEqual(['failed']);
  });

  it('submits again where Batch is too busy, without another attempt', async () => {
    const guard = throttle(2);
    const { run, receipt } = await open([], guard);
    const { status, states, jobId } = await run({ prompt: 'a star' });
    expect(status).toBe('SUCCEEDED');
    expect(guard.refused()).toBe(2);
    expect(states.filter((state) => state === 'Settle attempt')).toHaveLength(1);
    expect((await receipt(jobId)).attempts.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['Succeeded', 1],
    ]);
  });
});
