import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ErrorName, errorTable } from '../../../../functions/core/errors.ts';
import { explainFull } from '../../../../functions/core/market/quota-advice.ts';
import { untried } from '../../../../functions/core/shard/attempt.ts';
import { fewEvents, nextStep } from '../../../../functions/core/shard/next-step.ts';
import type { EventsLeft } from '../../../../functions/core/shard/patience.ts';
import { wantSeconds } from '../../../../functions/core/slots/slots.ts';
import { aTried, aVerdict } from '../../../fakes/builders.ts';

const pool = 'use1-az1/g6.xlarge/spot';
const endOf = (outcome: ErrorName, tried = untried, at: string | undefined = pool, jitter = 0.5) =>
  nextStep(aVerdict({ outcome, reason: 'x' }), tried, { pool: at, jitter, events: 'plenty' });

describe('nextStep', () => {
  it('is done after success and remembers nothing new', () => {
    const tried = aTried({ closedPools: ['a'], counts: { WorkerLost: 1 } });
    expect(nextStep(aVerdict(), tried, { pool, jitter: 0, events: 'plenty' })).toEqual({
      action: 'done',
      waitSeconds: 0,
      tried,
    });
  });

  it.each(['SpotInterrupted', 'NoSpotCapacity', 'WorkerNeverStarted', 'WorkerLost', 'WeightsUnavailable'] as const)(
    'goes sideways after %s and closes the pool',
    (outcome) => {
      expect(endOf(outcome)).toEqual({
        action: 'sideways',
        waitSeconds: 0,
        tried: { closedPools: [pool], vramAboveGib: 0, waits: 0, counts: { [outcome]: 1 } },
      });
    },
  );

  it('keeps the pools that were closed before, each once', () => {
    const { tried } = endOf('WorkerLost', aTried({ closedPools: ['a', pool] }));
    expect(tried.closedPools).toEqual(['a', pool]);
    expect(endOf('WorkerLost', tried, 'b').tried.closedPools).toEqual(['a', pool, 'b']);
  });

  it.each<[ErrorName, number]>([
    ['SpotInterrupted', 10],
    ['NoSpotCapacity', 150],
    ['WorkerNeverStarted', 6],
    ['WorkerLost', 3],
    ['GpuOutOfMemory', 1],
    ['WeightsUnavailable', 1],
  ])('has patience with %s %i times', (outcome, times) => {
    expect(endOf(outcome, aTried({ counts: { [outcome]: times - 1 } })).action).not.toBe('stop');
    const last = endOf(outcome, aTried({ counts: { [outcome]: times } }));
    expect(last).toMatchObject({ action: 'stop', waitSeconds: 0, tried: { counts: { [outcome]: times + 1 } } });
  });

  it('counts each kind of end by itself', () => {
    expect(endOf('WorkerLost', aTried({ counts: { SpotInterrupted: 10, WorkerLost: 2 } })).action).toBe('sideways');
  });

  it.each([
    'InvalidPrompt',
    'InvalidJob',
    'BudgetExceeded',
    'NoEligiblePool',
    'GenerationFailed',
    'JobCanceled',
  ] as const)('stops at once for %s', (outcome) => {
    expect(endOf(outcome).action).toBe('stop');
    expect(endOf(outcome, untried, undefined).action).toBe('stop');
  });

  it('waits while the services of AWS fail, closes no pool for it, and stops after hours', () => {
    const fail = (count: number, at?: string) =>
      endOf('ServiceUnavailable', aTried({ closedPools: ['a'], counts: { ServiceUnavailable: count } }), at, 1);
    for (const at of [pool, undefined]) {
      expect(fail(0, at)).toMatchObject({ action: 'wait', waitSeconds: 60, tried: { closedPools: ['a'] } });
    }
    expect(fail(3)).toMatchObject({ action: 'wait', waitSeconds: 480 });
    expect(fail(19)).toMatchObject({ action: 'wait', waitSeconds: 600 });
    expect(fail(20)).toMatchObject({ action: 'stop', tried: { counts: { ServiceUnavailable: 21 } } });
  });

  it('stops where neither capacity nor a service of AWS kept a pool from being picked', () => {
    for (const { name } of errorTable.filter(
      (entry) => !['NoSpotCapacity', 'ServiceUnavailable'].includes(entry.name),
    )) {
      expect(
        nextStep(aVerdict({ outcome: name }), untried, { pool: undefined, jitter: 0, events: 'plenty' }).action,
      ).toBe('stop');
    }
  });

  it('goes up after GpuOutOfMemory, above the memory of that GPU, and closes no pool', () => {
    expect(endOf('GpuOutOfMemory', aTried({ closedPools: ['a'] }))).toEqual({
      action: 'up',
      waitSeconds: 0,
      tried: { closedPools: ['a'], vramAboveGib: 22, waits: 0, counts: { GpuOutOfMemory: 1 } },
    });
    expect(endOf('GpuOutOfMemory', untried, 'any/g4dn.xlarge/on-demand').tried.vramAboveGib).toBe(14.6);
  });

  it('looks for any memory after a GPU that nobody knows', () => {
    expect(endOf('GpuOutOfMemory', untried, 'any/z9.huge/spot').tried.vramAboveGib).toBe(0);
    expect(endOf('GpuOutOfMemory', untried, 'strange').tried.vramAboveGib).toBe(0);
  });
});

describe('the wait for capacity', () => {
  const wait = (waits: number, jitter: number, events: EventsLeft = 'plenty') =>
    nextStep(aVerdict({ outcome: 'NoSpotCapacity' }), aTried({ waits, closedPools: [pool] }), {
      pool: undefined,
      jitter,
      events,
    });

  it('opens all pools again and counts the wait', () => {
    expect(wait(2, 0.5)).toMatchObject({
      action: 'wait',
      tried: { closedPools: [], waits: 3, counts: { NoSpotCapacity: 1 } },
    });
  });

  it.each([
    [0, 30, 60],
    [1, 60, 120],
    [2, 120, 240],
    [3, 240, 480],
    [4, 300, 600],
    [63, 300, 600],
  ])('after %i waits takes %i to %i seconds', (waits, least, most) => {
    expect(wait(waits, 0).waitSeconds).toBe(least);
    expect(wait(waits, 1).waitSeconds).toBe(most);
    expect(wait(waits, 0.5).waitSeconds).toBe((least + most) / 2);
  });

  it('ends after eight hours, sooner where the execution has no events left', () => {
    expect(wait(63, 1).action).toBe('wait');
    expect(wait(64, 1)).toMatchObject({ action: 'stop', waitSeconds: 0, tried: { waits: 64 } });
    expect(wait(0, 1, 'none')).toMatchObject({ action: 'stop', waitSeconds: 0 });
  });

  it('is not limited by the patience with pools that refuse', () => {
    const tried = aTried({ counts: { NoSpotCapacity: 1000 } });
    expect(
      nextStep(aVerdict({ outcome: 'NoSpotCapacity' }), tried, { pool: undefined, jitter: 0, events: 'plenty' }).action,
    ).toBe('wait');
  });
});

describe('a wait and the deadline', () => {
  const full = explainFull(0, [{ code: 'L-1', name: 'Spot', have: 4, used: 4, need: 4 }]);
  const wait = (secondsLeft: number | undefined, reason: string, tried = aTried({ waits: 4, closedPools: [pool] })) =>
    nextStep(aVerdict({ outcome: 'NoSpotCapacity', reason }), tried, {
      ...{ pool: undefined, jitter: 1, events: 'plenty' },
      secondsLeft,
    });

  it.each([
    ['a refusal', 'x', 600],
    ['a full quota', full, 60],
  ])('looks again at the deadline at the latest after %s, and stops after it', (_, reason, most) => {
    expect(wait(undefined, reason).waitSeconds).toBe(most);
    expect(wait(10_000, reason)).toMatchObject({ action: 'wait', waitSeconds: most });
    expect(wait(20.4, reason)).toMatchObject({ action: 'wait', waitSeconds: 20 });
    expect(wait(0.2, reason)).toMatchObject({ action: 'wait', waitSeconds: 1 });
    expect(wait(0, reason)).toMatchObject({ action: 'stop', waitSeconds: 0 });
    expect(wait(-5, reason)).toMatchObject({ action: 'stop', tried: { closedPools: [pool] } });
  });

  it('does not end a shard that has another pool to go to', () => {
    const late = { pool, jitter: 1, events: 'plenty', secondsLeft: -5 } as const;
    expect(nextStep(aVerdict({ outcome: 'SpotInterrupted' }), aTried(), late).action).toBe('sideways');
  });
});

describe('the wait for a full quota', () => {
  const reason = explainFull(0, [{ code: 'L-1', name: 'Spot', have: 4, used: 4, need: 4 }]);
  const wait = (waited: number, jitter: number, tried = aTried()) => {
    const counts = waited ? { ...tried.counts, WaitsForSlot: waited } : tried.counts;
    return nextStep(
      aVerdict({ outcome: 'NoSpotCapacity', reason }),
      { ...tried, counts },
      { pool: undefined, jitter, events: 'plenty' },
    );
  };

  it('leaves the pools as they are, none is at fault, and counts by itself', () => {
    const tried = aTried({ closedPools: ['a'], waits: 3, counts: { NoSpotCapacity: 2 } });
    expect(wait(0, 1, tried)).toEqual({
      action: 'wait',
      waitSeconds: 60,
      tried: { ...tried, counts: { NoSpotCapacity: 2, WaitsForSlot: 1 } },
    });
    expect(wait(4, 1, tried).tried.counts).toEqual({ NoSpotCapacity: 2, WaitsForSlot: 5 });
  });

  it.each([
    [0, 30, 60],
    [1, 60, 120],
    [2, 120, 240],
    [3, 240, 480],
    [4, 240, 480],
    [29, 240, 480],
  ])('after %i waits takes %i to %i seconds', (waited, least, most) => {
    expect(wait(waited, 0).waitSeconds).toBe(least);
    expect(wait(waited, 1).waitSeconds).toBe(most);
    expect(wait(waited, 0.5).waitSeconds).toBe((least + most) / 2);
  });

  it('is shorter than the attempt stays in line', () => {
    for (let waited = 0; waited < 30; waited += 1) expect(wait(waited, 1).waitSeconds).toBeLessThan(wantSeconds);
  });

  it('ends after the thirtieth', () => {
    expect(wait(29, 1).action).toBe('wait');
    expect(wait(30, 1)).toMatchObject({ action: 'stop', waitSeconds: 0, tried: { counts: { WaitsForSlot: 30 } } });
  });

  it('is none where the pools refused, or where a pool was picked', () => {
    const refused = nextStep(aVerdict({ outcome: 'NoSpotCapacity', reason: 'x' }), aTried(), {
      pool: undefined,
      jitter: 1,
      events: 'plenty',
    });
    expect(refused.tried.waits).toBe(1);
    const lost = nextStep(aVerdict({ outcome: 'NoSpotCapacity', reason }), aTried(), {
      pool,
      jitter: 1,
      events: 'plenty',
    });
    expect(lost).toMatchObject({ action: 'sideways', tried: { closedPools: [pool] } });
    const other = nextStep(aVerdict({ outcome: 'NoEligiblePool', reason }), aTried(), {
      pool: undefined,
      jitter: 1,
      events: 'plenty',
    });
    expect(other.action).toBe('stop');
  });
});

it('remembers that few events are left, wherever it goes', () => {
  const few = { pool, jitter: 0, events: 'few' } as const;
  const counts = { [fewEvents]: 1, SpotInterrupted: 1 };
  expect(nextStep(aVerdict({ outcome: 'SpotInterrupted' }), aTried(), few).tried).toMatchObject({ counts });
  const waits = nextStep(aVerdict({ outcome: 'NoSpotCapacity' }), aTried(), { ...few, pool: undefined });
  expect(waits).toMatchObject({ action: 'wait', tried: { counts: { [fewEvents]: 1 } } });
});

it.each(errorTable)('stops after $name where the execution has no events left; what is done is done', ({ name }) => {
  const spent = { pool, jitter: 0, events: 'none' } as const;
  expect(nextStep(aVerdict({ outcome: name }), aTried(), spent).action).toBe('stop');
  expect(nextStep(aVerdict(), aTried(), spent).action).toBe('done');
});

it('never goes back to the pool just lost, and ends, whatever happens', () => {
  const outcomes = fc.array(
    fc.record({
      outcome: fc.constantFrom(...errorTable.map((entry) => entry.name)),
      isQuotaFull: fc.boolean(),
      pool: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    // 171 losses of all kinds, 64 waits for capacity and 30 for a slot are the most.
    { minLength: 266, maxLength: 300 },
  );
  fc.assert(
    fc.property(outcomes, (ends) => {
      let tried = untried;
      for (const end of ends) {
        const reason = end.isQuotaFull ? explainFull(0, []) : 'x';
        const step = nextStep(aVerdict({ outcome: end.outcome, reason }), tried, {
          pool: end.pool,
          jitter: end.jitter,
          events: 'plenty',
        });
        tried = step.tried;
        if (step.action === 'stop') return;
        if (step.action === 'sideways') expect(tried.closedPools).toContain(end.pool);
        expect(step.waitSeconds > 0).toBe(step.action === 'wait');
      }
      throw new Error('Expected the shard to end within its patience');
    }),
  );
});
