import { describe, expect, it } from 'vitest';
import type { Waits } from '../../functions/core/wait/waits.ts';
import { aWait } from './builders.ts';

/** What every Waits does. @param make one that knows nothing of the jobs of other tests */
export function waitsConformance(make: () => Waits | Promise<Waits>): void {
  describe('as Waits', () => {
    const until = '2026-11-23T22:07:00.000Z';

    it('has none for an attempt that it does not know', async () => {
      expect(await (await make()).find('job-1', 'job-1-s0-a1')).toBeUndefined();
    });

    it('keeps the newest sentence of an attempt', async () => {
      const waits = await make();
      expect(await waits.write(aWait())).toBe(true);
      const newer = aWait({ verdict: 'undetermined', sentence: 'nobody can say', at: '2026-11-23T22:05:00.000Z' });
      expect(await waits.write(newer)).toBe(true);
      expect(await waits.find('job-1', 'job-1-s0-a1')).toEqual(newer);
    });

    it('keeps what was said last once the waiting is over', async () => {
      const waits = await make();
      await waits.write(aWait());
      expect(await waits.write(aWait({ until }))).toBe(true);
      expect(await waits.write(aWait({ sentence: 'late' }))).toBe(false);
      expect(await waits.write(aWait({ until: '2026-11-23T23:00:00.000Z' }))).toBe(false);
      expect(await waits.find('job-1', 'job-1-s0-a1')).toEqual(aWait({ until }));
    });

    it('keeps attempts and jobs apart', async () => {
      const waits = await make();
      await waits.write(aWait({ until }));
      expect(await waits.write(aWait({ jobName: 'job-1-s0-a2' }))).toBe(true);
      expect(await waits.write(aWait({ jobId: 'job-2' }))).toBe(true);
      expect(await waits.find('job-2', 'job-1-s0-a2')).toBeUndefined();
    });
  });
}
