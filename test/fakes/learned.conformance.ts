import { describe, expect, it } from 'vitest';
import type { Learned } from '../../functions/core/learn/learned.ts';
import { type FakeClock, makeFakeClock } from './clock.ts';
import { aLesson, aSample } from './lesson.ts';

/** What every Learned does. @param make one that knows nothing of other tests, and tells the time by the clock */
export function learnedConformance(make: (clock: FakeClock) => Learned | Promise<Learned>): void {
  describe('as Learned', () => {
    const days = (count: number) => count * 86_400;
    const of = (attempt: number, over: object = {}) => aLesson({ jobName: `job-1-s0-a${attempt}`, ...over });

    it('knows nothing at first', async () => {
      expect(await (await make(makeFakeClock())).all()).toEqual({ speeds: [], records: [] });
    });

    it('knows a speed and a pool after one attempt', async () => {
      const learned = await make(makeFakeClock());
      expect(await learned.add(of(1))).toBe(true);
      expect(await learned.all()).toEqual({
        speeds: [
          {
            model: 'sd-1.5',
            size: '512x512',
            instanceType: 'g6.xlarge',
            secondsPerStep: 0.07,
            loadSeconds: 20,
            weight: 1,
          },
        ],
        records: [
          { pool: 'use1-az1/g6.xlarge/spot', hours: 0.25, losses: 0, refusals: 0, successes: 1, bootSeconds: 180 },
        ],
      });
    });

    it('counts an attempt once, however often it is told', async () => {
      const learned = await make(makeFakeClock());
      await learned.add(of(1));
      expect(await learned.add(of(1, { speeds: [aSample({ secondsPerStep: 9 })], end: 'loss' }))).toBe(false);
      expect((await learned.all()).records).toMatchObject([{ losses: 0, successes: 1 }]);
      expect((await learned.all()).speeds).toMatchObject([{ secondsPerStep: 0.07, weight: 1 }]);
      expect(await learned.add(of(1, { jobId: 'job-2' }))).toBe(true);
    });

    it('keeps pools, models, sizes and types apart', async () => {
      const learned = await make(makeFakeClock());
      const samples = [aSample(), aSample({ size: '64x64' }), aSample({ model: 'sdxl' })];
      await learned.add(of(1, { speeds: samples }));
      await learned.add(of(2, { pool: 'any/g5.xlarge/spot', speeds: [aSample({ instanceType: 'g5.xlarge' })] }));
      const { speeds, records } = await learned.all();
      expect(speeds).toHaveLength(4);
      expect(speeds.every(({ weight }) => weight === 1)).toBe(true);
      expect(records.map(({ pool }) => pool).toSorted()).toEqual(['any/g5.xlarge/spot', 'use1-az1/g6.xlarge/spot']);
    });

    it('forgets half of what happened in a pool in three days', async () => {
      const clock = makeFakeClock();
      const learned = await make(clock);
      await learned.add(of(1, { end: 'loss', hours: 2 }));
      clock.advance(days(3));
      expect((await learned.all()).records).toMatchObject([{ hours: 1, losses: 0.5, successes: 0, bootSeconds: 180 }]);
    });

    it('learns of a pool where the attempt never started', async () => {
      const learned = await make(makeFakeClock());
      await learned.add(of(1, { end: 'refusal', hours: 0, bootSeconds: undefined, speeds: [] }));
      expect(await learned.all()).toEqual({
        speeds: [],
        records: [{ pool: 'use1-az1/g6.xlarge/spot', hours: 0, losses: 0, refusals: 1, successes: 0 }],
      });
    });

    it('misses none of many attempts that end at once', async () => {
      const learned = await make(makeFakeClock());
      const told = await Promise.all(Array.from({ length: 8 }, (_, index) => learned.add(of(index))));
      expect(told.every(Boolean)).toBe(true);
      expect((await learned.all()).records).toMatchObject([{ successes: 8, hours: 2 }]);
    });
  });
}
