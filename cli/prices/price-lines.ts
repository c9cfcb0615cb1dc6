import Table from 'cli-table3';
import { money } from '../words/amounts.ts';
import { borderless } from '../words/tables.ts';
import type { Period } from './pool-prices.ts';
import type { PricedPool } from './quote-pools.ts';
import { sparkline } from './sparkline.ts';

const perHour = (usd: number) => `$${usd.toFixed(usd < 1 ? 3 : 2)}`;

/** The pools for a person: the cheapest image first. */
export function priceLines(pools: readonly PricedPool[], period: Period, days: number): readonly string[] {
  const table = new Table({
    head: ['type', 'GPU', 'zone', 'market', 'an hour', 'min', 'median', 'max', `${days} days`, 'an image', 'speed'],
    style: { head: [], border: [], compact: true },
    chars: borderless,
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'left', 'right', 'left'],
  });
  for (const pool of pools) {
    const { instanceType, gpu, azId, market, now, min, median, max, usdPerImage, evidence, reason } = pool;
    const isSpot = market === 'spot';
    table.push([
      ...[instanceType, gpu, azId, market, perHour(now)],
      ...[min, median, max].map((usd) => (isSpot ? perHour(usd) : '')),
      isSpot ? sparkline(pool, period) : '',
      usdPerImage === undefined ? '-' : money(usdPerImage),
      evidence ?? reason ?? '',
    ]);
  }
  return table.toString().split('\n');
}
