import { describe, expect, it } from 'vitest';
import { learnSpeed, type SpeedMemory, toLearnedSpeed } from '../../../../functions/core/learn/learn.ts';
import type { SpeedSample } from '../../../../functions/core/learn/lesson.ts';
import { aSample } from '../../../fakes/lesson.ts';

function memoryOf(...samples: readonly Partial<SpeedSample>[]): SpeedMemory {
  const first = learnSpeed(undefined, aSample(samples[0]), 1);
  return samples.slice(1).reduce((memory, sample, index) => learnSpeed(memory, aSample(sample), index + 2), first);
}
const layout = (computeBatch: number, decodeBatch = computeBatch) => ({ layout: { computeBatch, decodeBatch } });

describe('the compute batch of a model and size on a type', () => {
  it('is the first that was found, for good', () => {
    expect(toLearnedSpeed(memoryOf(layout(8, 4), layout(16, 16), {})).layout).toEqual(layout(8, 4).layout);
    expect(toLearnedSpeed(memoryOf({}, layout(8))).layout).toEqual(layout(8).layout);
    expect(toLearnedSpeed(memoryOf({}))).not.toHaveProperty('layout');
  });

  it('is less from the time on that memory ran out with it', () => {
    expect(toLearnedSpeed(memoryOf(layout(8), layout(4, 1), layout(8))).layout).toEqual(layout(4, 1).layout);
  });
});

describe('the speed of a model that was compiled', () => {
  it('is kept apart from that of the model as it is', () => {
    const memory = memoryOf(
      { secondsPerStep: 0.1 },
      { secondsPerStep: 0.06, compileSeconds: 50 },
      { secondsPerStep: 0.1 },
      { secondsPerStep: 0.06, compileSeconds: 10 },
    );
    expect(toLearnedSpeed(memory)).toMatchObject({
      secondsPerStep: 0.1,
      compiled: { secondsPerStep: 0.06, compileSeconds: 10 },
    });
    expect(toLearnedSpeed(memoryOf({}))).not.toHaveProperty('compiled');
  });

  it('tells of the model as it is what published figures say, until that was measured', () => {
    const { secondsPerStep } = toLearnedSpeed(memoryOf({ secondsPerStep: 0.085, compileSeconds: 50 }));
    expect(secondsPerStep).toBeCloseTo(0.1, 12);
  });

  it('counts in the weight and in the start like any other', () => {
    const both = toLearnedSpeed(memoryOf({ loadSeconds: 10 }, { loadSeconds: 30, compileSeconds: 50 }));
    expect(both.weight).toBeCloseTo(1 + 0.5 ** (1 / 3), 12);
    expect(both.loadSeconds).toBe(30);
  });
});
