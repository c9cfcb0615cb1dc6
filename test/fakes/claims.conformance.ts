import { describe, expect, it } from 'vitest';
import type { Claims } from '../../functions/core/input/claims.ts';

/** What every Claims does. @param make claims that know nothing of other tests */
export function claimsConformance(make: () => Claims | Promise<Claims>): void {
  describe('as Claims', () => {
    const night = { schedule: 'night', time: '2026-11-24T22:00:00Z' };

    it('gives a time to the first job that asks', async () => {
      expect(await (await make()).claim({ ...night, jobId: 'a' })).toBe('a');
    });

    it('tells the second job which one has it', async () => {
      const claims = await make();
      await claims.claim({ ...night, jobId: 'a' });
      expect(await claims.claim({ ...night, jobId: 'b' })).toBe('a');
    });

    it('lets a job that asks again keep it: a retried Lambda', async () => {
      const claims = await make();
      await claims.claim({ ...night, jobId: 'a' });
      expect(await claims.claim({ ...night, jobId: 'a' })).toBe('a');
    });

    it('keeps times and schedules apart', async () => {
      const claims = await make();
      await claims.claim({ ...night, jobId: 'a' });
      expect(await claims.claim({ ...night, time: '2026-11-25T22:00:00Z', jobId: 'b' })).toBe('b');
      expect(await claims.claim({ ...night, schedule: 'noon', jobId: 'c' })).toBe('c');
    });

    it('gives a time to one of two jobs that ask at once', async () => {
      const claims = await make();
      const [a, b] = await Promise.all(['a', 'b'].map((jobId) => claims.claim({ ...night, jobId })));
      expect(a).toBe(b);
    });
  });
}
