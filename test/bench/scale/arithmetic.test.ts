import { describe, expect, it } from 'vitest';
import { planExecutions, readShape, type Shape } from '../../../bench/scale/arithmetic.ts';
import { anHistory, entered, exited, iterated, iteration, scheduled } from './events.ts';

const task = (name: string) => [entered(name), scheduled('lambda'), exited(name)];

/** 30 events, 8 transitions, 3 invocations and 36, 9, 4 a shard. */
const shape: Shape = {
  fixed: { events: 30, transitions: 8, lambdaInvocations: 3 },
  perShard: { events: 36, transitions: 9, lambdaInvocations: 4 },
};

describe('the shape of an execution', () => {
  it('is what stands in the iteration, and the rest', () => {
    const history = anHistory(...task('A'), entered('Map'), iteration(0), ...task('B'), iterated(0), ...task('C'));
    expect(readShape(history)).toEqual({
      fixed: { events: 7, transitions: 3, lambdaInvocations: 2 },
      perShard: { events: 5, transitions: 1, lambdaInvocations: 1 },
    });
  });

  it('is not to be had from an execution that rendered nothing', () => {
    expect(() => readShape(anHistory(...task('A')))).toThrow(TypeError);
  });
});

describe('the plan of a job', () => {
  const of = { executionImages: 100_000, partImages: 50_000, shape };

  it('is one execution up to what one renders', () => {
    const plan = planExecutions({ ...of, prompts: 100_000, shards: 100 });
    expect(plan).toMatchObject({ parts: 1, executions: 1, shards: 100, historyEvents: 3630, transitions: 908 });
    expect(plan.lambdaInvocations).toBe(403);
    expect(plan.transitionsUsd).toBe(0.000227);
    expect(plan.orchestrationUsd).toBe(0.0228);
  });

  it('is a parent and its parts above that', () => {
    const plan = planExecutions({ ...of, prompts: 240_000, shards: 48 });
    expect(plan).toMatchObject({ parts: 5, executions: 6, shards: 240, historyEvents: 30 - 5 + 48 * 36 });
    // The parent enters no Map, its parts send no message.
    expect(plan.transitions).toBe(8 - 1 + 5 * 3 + 2 + 5 * (8 - 1) + 240 * 9);
    expect(plan.lambdaInvocations).toBe(3 + 5 + 1 + 5 * 3 + 240 * 4);
  });

  it('is what a job of three parts was seen to take', () => {
    // 1,300 images, 500 an execution, by the machine of 2026-11-30.
    const seen = { ...shape, fixed: { events: 38, transitions: 11, lambdaInvocations: 3 } };
    const plan = planExecutions({ prompts: 1300, executionImages: 500, partImages: 500, shards: 1, shape: seen });
    expect(plan).toMatchObject({ executions: 4, historyEvents: 80, transitions: 78, lambdaInvocations: 28 });
  });

  it('grows by its parts alone: no execution of a million images has more events', () => {
    const million = planExecutions({ ...of, prompts: 1_000_000, shards: 50 });
    expect(million).toMatchObject({ parts: 20, executions: 21, shards: 1000, historyEvents: 1825 });
    expect(million.transitionsUsd).toBeLessThan(0.001);
  });
});
