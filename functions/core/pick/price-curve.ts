import { z } from 'zod';
import type { PriceChange } from '../market/ports.ts';
import type { RankedRow } from './ranked-row.ts';

/** What a pool cost in the days before a job. */
export interface PriceCurve {
  readonly pool: string;
  /** `[milliseconds since the epoch, USD per hour]`, oldest first: each price holds until the next. */
  readonly points: readonly (readonly [number, number])[];
}

/** `jobs/<job>/prices.json` */
export interface PriceCurves {
  readonly version: 1;
  readonly from: number;
  readonly to: number;
  readonly curves: readonly PriceCurve[];
}

export const curveDays = 7;
const mostPoints = 60;
const mostCurves = 3;

/** The pool that was the best for a shard, the next, and the dearest: those with a price of their own. */
export function poolsWithCurves(ranked: readonly RankedRow[]): readonly string[] {
  const pools = ranked.map(({ pool }) => pool).filter((pool) => pool.endsWith('/spot') && !pool.startsWith('any/'));
  return pools.length > mostCurves ? [...pools.slice(0, mostCurves - 1), ...pools.slice(-1)] : pools;
}

/** The price in force at the beginning, then the last one in each of equal parts; none that repeats the one before. */
function thin(changes: readonly PriceChange[], from: number, to: number): PriceCurve['points'] {
  const part = (to - from) / (mostPoints - 1);
  const sorted = changes.toSorted((a, b) => a.at - b.at);
  const before = sorted.findLast(({ at }) => at <= from);
  const last = new Map<number, readonly [number, number]>();
  for (const { at, usdPerHour } of sorted) {
    if (at > from && at < to) last.set(Math.floor((at - from) / part), [at, usdPerHour]);
  }
  const points = [...(before ? [[from, before.usdPerHour] as const] : []), ...last.values()];
  return points.filter(([, usd], index) => usd !== points[index - 1]?.[1]);
}

/** @param changes of these pools and of others, in any order; the one in force at `from` is among them */
export function toPriceCurves(
  changes: readonly PriceChange[],
  pools: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): PriceCurves {
  const byPool = Map.groupBy(changes, ({ azId, instanceType }) => `${azId}/${instanceType}/spot`);
  const curves = pools.map((pool) => ({ pool, points: thin(byPool.get(pool) ?? [], from, to) }));
  return { version: 1, from, to, curves: curves.filter(({ points }) => points.length) };
}

const curvesSchema = z.object({
  version: z.literal(1),
  from: z.number(),
  to: z.number(),
  curves: z.array(z.object({ pool: z.string(), points: z.array(z.tuple([z.number(), z.number()])).min(1) })),
});

/** Undefined where none were kept, or none that can be read: a loss of detail, not of the report. */
export function parsePriceCurves(text: string | undefined): PriceCurves | undefined {
  try {
    return curvesSchema.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    return undefined;
  }
}
