import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { untried } from '../../../functions/core/attempt.ts';
import { type ErrorName, errorTable } from '../../../functions/core/errors.ts';
import { nextStep } from '../../../functions/core/next-step.ts';
import { aTried, aVerdict } from '../../fakes/builders.ts';

const pool = 'use1-az1/g6.xlarge/spot';
const endOf = (outcome: ErrorName, tried = untried, at: string | undefined = pool, jitter = 0.5) =>
  nextStep(aVerdict({ outcome, reason: 'x' }), tried, at, jitter);

describe('nextStep', () => {
  it('is done after success and remembers nothing new', () => {
    const tried = aTried({ closedPools: ['a'], counts: { WorkerLost: 1 } });
    expect(nextStep(aVerdict(), tried, pool, 0)).toEqual({ action: 'done', waitSeconds: 0, tried });
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
    ['NoSpotCapacity', 60],
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

  it('stops where something else than capacity kept a pool from being picked', () => {
    for (const { name } of errorTable.filter((entry) => entry.name !== 'NoSpotCapacity')) {
      expect(nextStep(aVerdict({ outcome: name }), untried, undefined, 0).action).toBe('stop');
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
  const wait = (waits: number, jitter: number) =>
    nextStep(aVerdict({ outcome: 'NoSpotCapacity' }), aTried({ waits, closedPools: [pool] }), undefined, jitter);

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
    [4, 480, 960],
    [5, 900, 1800],
    [6, 900, 1800],
    [7, 900, 1800],
  ])('after %i waits takes %i to %i seconds', (waits, least, most) => {
    expect(wait(waits, 0).waitSeconds).toBe(least);
    expect(wait(waits, 1).waitSeconds).toBe(most);
    expect(wait(waits, 0.5).waitSeconds).toBe((least + most) / 2);
  });

  it('ends after the eighth', () => {
    expect(wait(7, 1).action).toBe('wait');
    expect(wait(8, 1)).toMatchObject({ action: 'stop', waitSeconds: 0, tried: { waits: 8 } });
  });

  it('is not limited by the patience with pools that refuse', () => {
    const tried = aTried({ counts: { NoSpotCapacity: 100 } });
    expect(nextStep(aVerdict({ outcome: 'NoSpotCapacity' }), tried, undefined, 0).action).toBe('wait');
  });
});

it('never goes back to the pool just lost, and ends, whatever happens', () => {
  const outcomes = fc.array(
    fc.record({
      outcome: fc.constantFrom(...errorTable.map((entry) => entry.name)),
      pool: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 100, maxLength: 200 },
  );
  fc.assert(
    fc.property(outcomes, (ends) => {
      let tried = untried;
      for (const end of ends) {
        const step = nextStep(aVerdict({ outcome: end.outcome }), tried, end.pool, end.jitter);
        tried = step.tried;
        if (step.action === 'stop') return;
        if (step.action === 'sideways') expect(tried.closedPools).toContain(end.pool);
        expect(step.waitSeconds > 0).toBe(step.action === 'wait');
      }
      throw new Error('Expected the shard to end within its patience');
    }),
  );
});
