import type { PriceChange } from '../../functions/core/market/ports.ts';
import { weightedMedian } from '../../functions/core/median.ts';

export interface Period {
  /** milliseconds since the epoch */
  readonly from: number;
  readonly to: number;
}

/** What one type in one zone cost on Spot, USD per hour. */
export interface PoolPrices {
  readonly instanceType: string;
  readonly azId: string;
  readonly now: number;
  readonly min: number;
  /** Of the time, not of the changes: a price counts for as long as it held. */
  readonly median: number;
  readonly max: number;
  /** `[milliseconds since the epoch, USD per hour]`, oldest first, the first one at the period's begin or later. */
  readonly points: readonly (readonly [number, number])[];
}

/** The price in force at the begin, and all changes after it. */
function pointsIn(changes: readonly PriceChange[], { from, to }: Period): PoolPrices['points'] {
  const sorted = changes.filter(({ at }) => at <= to).toSorted((a, b) => a.at - b.at);
  const before = sorted.findLastIndex(({ at }) => at <= from);
  return sorted.slice(Math.max(0, before)).map(({ at, usdPerHour }) => [Math.max(at, from), usdPerHour] as const);
}

function summarize(changes: readonly PriceChange[], period: Period): readonly PoolPrices[] {
  const [first] = changes;
  const points = pointsIn(changes, period);
  const last = points.at(-1);
  if (!first || !last) return [];
  const prices = points.map(([, usd]) => usd);
  const weighted = points.map(([at, value], index) => ({
    value,
    // A change at this very moment counts for a moment: a median of no time is none.
    weight: Math.max(1, (points[index + 1]?.[0] ?? period.to) - at),
  }));
  return [
    {
      instanceType: first.instanceType,
      azId: first.azId,
      now: last[1],
      min: Math.min(...prices),
      median: weightedMedian(weighted),
      max: Math.max(...prices),
      points,
    },
  ];
}

/** By type and zone, in the order of their names; a pool without a price in the period is left out. */
export function toPoolPrices(changes: readonly PriceChange[], period: Period): readonly PoolPrices[] {
  const byPool = Map.groupBy(changes, ({ instanceType, azId }) => `${instanceType} ${azId}`);
  return [...byPool.keys()].toSorted().flatMap((pool) => summarize(byPool.get(pool) ?? [], period));
}
