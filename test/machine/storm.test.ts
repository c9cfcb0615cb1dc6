import { describe, expect, it } from 'vitest';
import { fakeWorker, isUnharmed, rehearse } from '../../bench/drills.ts';

/** Others: `STORM_SEEDS=2,3 npx vitest run test/machine/storm.test.ts`; the whole storm: `npm run bench -- drills`. */
const seeds = (process.env.STORM_SEEDS ?? '1').split(',').map(Number);

describe('a storm over the local workflow', () => {
  it.each(seeds)(
    'loses nothing, doubles nothing and leaves nothing behind, seed %i',
    { timeout: 240_000 },
    async (seed) => {
      const size = { seed, faults: 60, images: 36, each: 6, workers: 3 };
      const figures = await rehearse({ ...size, workerCommand: fakeWorker });
      expect(figures.findings).toEqual([]);
      expect(figures.faults).toBeGreaterThanOrEqual(60);
      expect(figures.images).toBeGreaterThanOrEqual(36);
      expect(figures.struck.capacity).toBeGreaterThanOrEqual(6);
      expect(Object.keys(figures.struckIn)).not.toEqual([]);
      expect(figures).toMatchObject({ lost: 0, duplicated: 0, orphans: 0, wrongStatus: 0 });
      expect(isUnharmed(figures)).toBe(true);
    },
  );
});
