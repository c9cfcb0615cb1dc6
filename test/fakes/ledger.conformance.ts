import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../functions/core/settle/ledger.ts';
import { aReservation } from './builders.ts';

/** What every Ledger does. @param make a ledger that knows nothing of the jobs of other tests */
export function ledgerConformance(make: () => Ledger | Promise<Ledger>): void {
  describe('as a Ledger', () => {
    const of = (attempt: number, usd = 0.25) => aReservation({ jobName: `job-1-s0-a${attempt}`, usd });

    it('has nothing open for a job that it does not know', async () => {
      expect(await (await make()).open('unknown')).toEqual([]);
    });

    it('lists an open reservation as it was made', async () => {
      const ledger = await make();
      expect(await ledger.reserve(of(1), 1)).toBe(true);
      expect(await ledger.open('job-1')).toEqual([of(1)]);
    });

    it('reserves without a limit where the job has none', async () => {
      const ledger = await make();
      for (const attempt of [1, 2, 3]) expect(await ledger.reserve(of(attempt, 1000))).toBe(true);
      expect(await ledger.open('job-1')).toHaveLength(3);
    });

    it('fills the budget to the cent and not beyond', async () => {
      const ledger = await make();
      expect(await ledger.reserve(of(1, 0.25), 0.5)).toBe(true);
      expect(await ledger.reserve(of(2, 0.25), 0.5)).toBe(true);
      expect(await ledger.reserve(of(3, 0.01), 0.5)).toBe(false);
      expect((await ledger.open('job-1')).map((open) => open.jobName)).toEqual(['job-1-s0-a1', 'job-1-s0-a2']);
    });

    it('refuses a first reservation that is larger than the budget', async () => {
      const ledger = await make();
      expect(await ledger.reserve(of(1, 0.51), 0.5)).toBe(false);
      expect(await ledger.open('job-1')).toEqual([]);
      expect(await ledger.reserve(of(2, 0.5), 0.5)).toBe(true);
    });

    it('reserves once for one attempt, however often it is asked', async () => {
      const ledger = await make();
      expect(await ledger.reserve(of(1, 0.4), 0.5)).toBe(true);
      expect(await ledger.reserve(of(1, 0.4), 0.5)).toBe(true);
      expect(await ledger.open('job-1')).toHaveLength(1);
      expect(await ledger.reserve(of(2, 0.1), 0.5)).toBe(true);
      expect(await ledger.reserve(of(3, 0.1), 0.5)).toBe(false);
    });

    it('frees what an attempt reserved and did not spend', async () => {
      const ledger = await make();
      await ledger.reserve(of(1, 0.5), 0.5);
      await ledger.settle('job-1', 'job-1-s0-a1', 0.1);
      expect(await ledger.open('job-1')).toEqual([]);
      expect(await ledger.reserve(of(2, 0.41), 0.5)).toBe(false);
      expect(await ledger.reserve(of(3, 0.4), 0.5)).toBe(true);
    });

    it('settles once: a second call changes nothing', async () => {
      const ledger = await make();
      await ledger.reserve(of(1, 0.5), 0.5);
      await ledger.settle('job-1', 'job-1-s0-a1', 0.3);
      await ledger.settle('job-1', 'job-1-s0-a1', 0);
      expect(await ledger.reserve(of(2, 0.3), 0.5)).toBe(false);
      expect(await ledger.reserve(of(3, 0.2), 0.5)).toBe(true);
    });

    it('does not reopen an attempt that is settled', async () => {
      const ledger = await make();
      await ledger.reserve(of(1, 0.5), 1);
      await ledger.settle('job-1', 'job-1-s0-a1', 0.3);
      expect(await ledger.reserve(of(1, 0.5), 1)).toBe(true);
      expect(await ledger.open('job-1')).toEqual([]);
      expect(await ledger.reserve(of(2, 0.7), 1)).toBe(true);
    });

    it('passes over a settlement without a reservation', async () => {
      const ledger = await make();
      await ledger.settle('job-1', 'job-1-s0-a9', 0.4);
      expect(await ledger.reserve(of(1, 0.5), 0.5)).toBe(true);
    });

    it('keeps the budgets of jobs apart', async () => {
      const ledger = await make();
      expect(await ledger.reserve(of(1, 0.5), 0.5)).toBe(true);
      expect(await ledger.reserve(aReservation({ jobId: 'job-2', usd: 0.5 }), 0.5)).toBe(true);
      expect(await ledger.open('job-2')).toHaveLength(1);
      await ledger.settle('job-2', 'job-1-s0-a1', 0);
      expect(await ledger.open('job-1')).toHaveLength(1);
    });

    it('lets no more of many parallel reservations through than fit', async () => {
      const ledger = await make();
      const all = await Promise.all(Array.from({ length: 8 }, (_, index) => ledger.reserve(of(index + 1, 0.25), 1)));
      expect(all.filter(Boolean)).toHaveLength(4);
      expect(await ledger.open('job-1')).toHaveLength(4);
    });

    it('starts nothing new once 90 % of the budget are spent or set aside', async () => {
      const ledger = await make();
      expect(await ledger.reserve(of(1, 0.4499), 0.5)).toBe(true);
      expect(await ledger.reserve(of(2, 0.0001), 0.5)).toBe(true);
      expect(await ledger.reserve(of(3, 0.0001), 0.5)).toBe(false);
      await ledger.settle('job-1', 'job-1-s0-a1', 0.3);
      expect(await ledger.reserve(of(3, 0.0001), 0.5)).toBe(true);
    });

    it('says what is left for a new attempt: nothing at 90 %, no number without a limit', async () => {
      const ledger = await make();
      expect(await ledger.left('job-1', 'next')).toBeUndefined();
      expect(await ledger.left('job-1', 'next', 0.5)).toBe(0.5);
      await ledger.reserve(of(1, 0.25), 0.5);
      expect(await ledger.left('job-1', 'next', 0.5)).toBe(0.25);
      await ledger.settle('job-1', 'job-1-s0-a1', 0.1);
      expect(await ledger.left('job-1', 'next', 0.5)).toBe(0.4);
      await ledger.reserve(of(2, 0.35), 0.5);
      expect(await ledger.left('job-1', 'next', 0.5)).toBe(0);
      expect(await ledger.left('job-2', 'next', 0.5)).toBe(0.5);
    });

    it('takes a reservation of what is left', async () => {
      const ledger = await make();
      await ledger.reserve(of(1, 0.123457), 0.5);
      const left = (await ledger.left('job-1', 'next', 0.5)) ?? 0;
      expect(await ledger.reserve(of(2, left), 0.5)).toBe(true);
    });

    it('replaces the reservation of an attempt that is picked again: another pool, another price', async () => {
      const ledger = await make();
      await ledger.reserve(of(1, 0.4), 0.5);
      const again = { ...of(1, 0.5), queue: 'other' };
      expect(await ledger.reserve(again, 0.5)).toBe(true);
      expect(await ledger.open('job-1')).toEqual([again]);
      expect(await ledger.reserve(of(1, 0.1), 0.5)).toBe(true);
      expect(await ledger.left('job-1', 'next', 0.5)).toBe(0.4);
    });

    it('keeps the reservation where the dearer one does not fit', async () => {
      const ledger = await make();
      await ledger.reserve(of(1, 0.2), 0.5);
      await ledger.reserve(of(2, 0.2), 0.5);
      expect(await ledger.reserve(of(1, 0.31), 0.5)).toBe(false);
      expect(await ledger.reserve(of(1, 0.3), 0.5)).toBe(true);
      expect((await ledger.open('job-1')).map(({ usd }) => usd).toSorted()).toEqual([0.2, 0.3]);
    });

    it('gives back what it takes to settle the attempt without its workflow', async () => {
      const ledger = await make();
      const attempt = { shard: 3, attempt: 2, pool: 'a/g6.xlarge/spot', usdPerHour: 0.3, onDemandUsdPerHour: 0.8 };
      await ledger.reserve({ ...of(1), attempt }, 1);
      expect(await ledger.open('job-1')).toEqual([{ ...of(1), attempt }]);
    });
  });
}
