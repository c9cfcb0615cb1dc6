import type { ClosedPool, ClosedPools } from '../../functions/core/market/closed-pool.ts';

export function makeFakeClosedPools(now: () => number, closed: readonly ClosedPool[] = []): ClosedPools {
  const pools = new Map(closed.map((pool) => [pool.pool, pool]));
  const isClosed = (pool: ClosedPool) => Date.parse(pool.until) > now();
  return {
    close: async (pool) => {
      if (!pool.pool || Number.isNaN(Date.parse(pool.until))) throw new TypeError('Expected a pool and a time');
      pools.set(pool.pool, pool);
    },
    list: async () => [...pools.values()].filter(isClosed),
  };
}
