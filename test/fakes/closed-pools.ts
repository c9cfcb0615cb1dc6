import type { ClosedPool, ClosedPools } from '../../functions/core/market/closed-pool.ts';

export function makeFakeClosedPools(now: () => number, closed: readonly ClosedPool[] = []): ClosedPools {
  const pools = new Map(closed.map((pool) => [pool.pool, pool]));
  const isClosed = (pool: ClosedPool | undefined) => pool !== undefined && Date.parse(pool.until) > now();
  return {
    close: async (pool) => {
      if (!pool.pool || Number.isNaN(Date.parse(pool.until))) throw new TypeError('Expected a pool and a time');
      if (isClosed(pools.get(pool.pool))) return false;
      pools.set(pool.pool, pool);
      return true;
    },
    list: async () => [...pools.values()].filter(isClosed),
  };
}
