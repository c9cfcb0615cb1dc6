import { describe, expect, it } from 'vitest';
import type { ClosedPools } from '../../functions/core/market/closed-pool.ts';
import { type FakeClock, makeFakeClock } from './clock.ts';

type Make = (clock: FakeClock) => ClosedPools | Promise<ClosedPools>;

/** What every ClosedPools does. @param make one that knows nothing of other tests */
export function closedPoolsConformance(make: Make): void {
  describe('as ClosedPools', () => {
    const pool = 'use1-az4/g6.xlarge/spot';
    const until = '2026-11-23T22:10:00.000Z';

    async function setUp() {
      const clock = makeFakeClock('2026-11-23T22:00:00.000Z');
      return { clock, pools: await make(clock) };
    }

    it('has none at first', async () => {
      expect(await (await setUp()).pools.list()).toEqual([]);
    });

    it('keeps a pool closed from its last refusal on', async () => {
      const { pools } = await setUp();
      const later = { pool, until: '2026-11-23T22:11:00.000Z' };
      await pools.close({ pool, until });
      await pools.close(later);
      expect(await pools.list()).toEqual([later]);
    });

    it('opens it again at its time, and closes it anew', async () => {
      const { pools, clock } = await setUp();
      await pools.close({ pool, until });
      clock.advance(599);
      expect(await pools.list()).toHaveLength(1);
      clock.advance(1);
      expect(await pools.list()).toEqual([]);
      const later = { pool, until: '2026-11-23T22:20:00.000Z' };
      await pools.close(later);
      expect(await pools.list()).toEqual([later]);
    });

    it('keeps pools apart and lists them all', async () => {
      const { pools } = await setUp();
      const other = 'any/g6.xlarge/spot';
      await pools.close({ pool, until });
      await pools.close({ pool: other, until });
      const closed = (await pools.list()).map((each) => each.pool);
      expect(closed.toSorted()).toEqual([other, pool]);
    });
  });
}
