import { describe, expect, it } from 'vitest';
import { countPlanned, planStorm } from '../../../bench/drills/plan.ts';

const size = { seed: 1, faults: 200, images: 300, each: 12 };
const drillOf = (seed: number) => planStorm({ ...size, seed }).drill;

describe('the plan of a storm', () => {
  it('is the same for the same seed, and another for another', () => {
    const plain = (seed: number) => {
      const { calls, ...rest } = planStorm({ ...size, seed });
      return { ...rest, seed: 0, calls: [...calls] };
    };
    expect(plain(1)).toEqual(plain(1));
    expect(plain(2)).not.toEqual(plain(1));
  });

  it.each([60, 200, 400])('holds about the %i faults that were asked for', (faults) => {
    const planned = countPlanned(planStorm({ ...size, faults }));
    expect(planned).toBeGreaterThanOrEqual(faults * 0.9);
    expect(planned).toBeLessThanOrEqual(faults * 1.4);
  });

  it.each([1, 2, 3, 4, 5])('strikes workers in no more attempts of a shard than a job bears, seed %i', (seed) => {
    const attempts = drillOf(seed).flatMap((event) => ('attempt' in event ? [event.attempt] : []));
    expect(attempts.length).toBeGreaterThan(30);
    for (const attempt of attempts) expect([1, 2, 3]).toContain(attempt);
  });

  it('strikes a worker before its container, at its first image, in its midst and before its record', () => {
    const events = drillOf(1);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'lose', afterImages: 0, starting: true }));
    expect(events).toContainEqual(expect.objectContaining({ kind: 'lose', afterImages: size.each }));
    const images = events.flatMap((event) => (event.kind === 'kill' ? [event.afterImages] : []));
    expect(images).toContain(size.each);
    expect(images.some((count) => count > 0 && count < size.each)).toBe(true);
  });

  it('has each kind of trouble for each kind of caller', () => {
    const kinds = [...planStorm(size).calls].map(([of, faults]) => [of.name, new Set(faults.map(({ kind }) => kind))]);
    expect(Object.fromEntries(kinds)).toMatchObject({
      invoke: new Set(['throttled', 'broken', 'answer-lost', 'timed-out', 'twice', 'clock-jump']),
      submit: new Set(['throttled', 'broken', 'answer-lost']),
      'worker-s3': new Set(['throttled', 'broken', 'answer-lost', 'late']),
    });
  });
});
