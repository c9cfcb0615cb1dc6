import { describe, expect, it } from 'vitest';
import type { PoolMemory, SpeedMemory } from '../../../../functions/core/learn/learn.ts';
import { parsePoolMemory, parseSpeedMemory } from '../../../../functions/core/learn/memories.ts';

const speed: SpeedMemory = {
  model: 'sd-1.5',
  size: '512x512',
  instanceType: 'g6.xlarge',
  samples: [{ at: 5, secondsPerStep: 0.07, loadSeconds: 20, weight: 0.5 }],
};
const pool: PoolMemory = {
  pool: 'a/g6.xlarge/spot',
  at: 5,
  hours: 1.5,
  losses: 1,
  refusals: 2,
  successes: 3,
  refusedAt: [4, 3],
  boots: [{ at: 5, seconds: 180 }],
};
const stored = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('the memory of a speed', () => {
  it('is read as it was written', () => {
    expect(parseSpeedMemory(stored(speed))).toEqual(speed);
  });

  it('knows no compute batch where what is stored is none', () => {
    const layout = { computeBatch: 8, decodeBatch: 4 };
    expect(parseSpeedMemory(stored({ ...speed, layout }))).toEqual({ ...speed, layout });
    const odd = stored({ ...speed, layout: { ...layout, computeBatch: 0 } });
    expect(parseSpeedMemory(odd)).toEqual({ ...speed, layout: undefined });
  });

  it('takes a sample of an older version for a full one without a start', () => {
    const samples = [{ at: 5, secondsPerStep: 0.07 }];
    expect(parseSpeedMemory({ ...speed, samples })?.samples).toEqual([{ ...samples[0], loadSeconds: 0, weight: 1 }]);
  });

  it.each([
    'junk',
    null,
    { at: 5 },
    { at: 5, secondsPerStep: 0 },
    { at: 5, secondsPerStep: '0.07' },
    { at: '5', secondsPerStep: 1 },
    { at: 5, secondsPerStep: 1, loadSeconds: -1 },
    { at: 5, secondsPerStep: 1, weight: 0 },
    { at: 5, secondsPerStep: 1, weight: 1.1 },
  ])('leaves out the sample %j', (sample) => {
    expect(parseSpeedMemory({ ...speed, samples: [sample, ...speed.samples] })).toEqual(speed);
  });

  it.each([undefined, null, 'x', {}, { ...speed, model: 1 }, { ...speed, samples: [] }, { ...speed, samples: 'x' }])(
    'is nothing where %j is stored: it is learned anew',
    (value) => {
      expect(parseSpeedMemory(value)).toBeUndefined();
    },
  );
});

describe('the memory of a pool', () => {
  it('is read as it was written', () => {
    expect(parsePoolMemory(stored(pool))).toEqual(pool);
  });

  it('counts nothing where an older version counted nothing', () => {
    const none = { hours: 0, losses: 0, refusals: 0, successes: 0, refusedAt: [], boots: [] };
    expect(parsePoolMemory({ pool: pool.pool, at: 5 })).toEqual({ pool: pool.pool, at: 5, ...none });
    const junk = { hours: -1, losses: 'x', refusals: null, successes: Number.NaN, refusedAt: 'x', boots: {} };
    expect(parsePoolMemory({ pool: pool.pool, at: 5, ...junk })).toEqual({ pool: pool.pool, at: 5, ...none });
  });

  it('knows the last refusal alone that an older version kept', () => {
    expect(parsePoolMemory({ ...pool, refusedAt: 4 })?.refusedAt).toEqual([4]);
  });

  it('leaves out a boot that is none', () => {
    const boots = ['junk', { at: 5, seconds: -1 }, { seconds: 5 }, ...pool.boots];
    expect(parsePoolMemory({ ...pool, boots })).toEqual(pool);
  });

  it.each([undefined, null, 'x', {}, { pool: pool.pool }, { at: 5 }])('is nothing where %j is stored', (value) => {
    expect(parsePoolMemory(value)).toBeUndefined();
  });
});
