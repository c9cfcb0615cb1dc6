import { closedForAll } from './closed-pools.ts';
import { findInstanceType, type InstanceType } from './instance-types.ts';
import { type Pool, poolId } from './pools.ts';
import type { ClosedPool } from './ports.ts';
import { type Quote, quoteWork } from './quote.ts';
import type { Work } from './work.ts';

/** A current Spot price: USD per hour of one type in one zone. */
export interface SpotPrice {
  readonly azId: string;
  readonly instanceType: string;
  readonly usdPerHour: number;
}

export interface Constraints {
  readonly maxUsdPerHour?: number;
  readonly onDemand: 'never' | 'fallback' | 'only';
  /** Pools that this shard has lost or that refused it. */
  readonly closedPools?: readonly string[];
  /** Pools that refused and are closed for every job. */
  readonly closedForAll?: readonly ClosedPool[];
  /** After GpuOutOfMemory: more memory than the pool that failed, in GiB. */
  readonly vramAboveGib?: number;
  /** `sameGpu`: only this instance type. */
  readonly instanceType?: string;
}

export interface RejectedPool {
  readonly id: string;
  readonly reason: string;
}

export interface Ranking {
  /** Cheapest image first. */
  readonly quotes: readonly Quote[];
  readonly rejected: readonly RejectedPool[];
}

export const closedReason = 'lost or refused in this shard';

const money = (usd: number) => `$${usd.toFixed(4)}`;

function priceOf(pool: Pool, type: InstanceType, prices: readonly SpotPrice[]): number | undefined {
  if (pool.market === 'on-demand') return type.onDemandUsdPerHour;
  const ofType = prices.filter((price) => price.instanceType === pool.instanceType);
  if (pool.azId !== 'any') return ofType.find((price) => price.azId === pool.azId)?.usdPerHour;
  // In any zone AWS chooses by capacity: the dearest zone is what it may cost.
  return ofType.length ? Math.max(...ofType.map((price) => price.usdPerHour)) : undefined;
}

/** Why `pool` cannot take the work, or undefined. Hard reasons only: those that waiting does not change. */
function whyUnfit(pool: Pool, type: InstanceType, work: Work, limits: Constraints): string | undefined {
  if (limits.instanceType && pool.instanceType !== limits.instanceType) {
    return `\`sameGpu\` keeps this job on ${limits.instanceType}`;
  }
  if (pool.market === 'on-demand' && limits.onDemand === 'never') return '`onDemand` is `never`';
  if (pool.market === 'spot' && limits.onDemand === 'only') return '`onDemand` is `only`';
  const needed = Math.max(work.vramGib, limits.vramAboveGib ? limits.vramAboveGib + 0.1 : 0);
  if (type.vramGib < needed) return `needs ${needed.toFixed(1)} GiB of GPU memory, has ${type.vramGib}`;
  return undefined;
}

function consider(pool: Pool, work: Work, prices: readonly SpotPrice[], limits: Constraints): Quote | string {
  const type = findInstanceType(pool.instanceType);
  if (!type) return 'an instance type that is not in the table';
  const unfit = whyUnfit(pool, type, work, limits);
  if (unfit) return unfit;
  const usdPerHour = priceOf(pool, type, prices);
  if (usdPerHour === undefined) return 'no Spot price: not offered in this zone';
  if (limits.maxUsdPerHour !== undefined && usdPerHour > limits.maxUsdPerHour) {
    return `costs ${money(usdPerHour)}/h, \`maxUsdPerHour\` is ${money(limits.maxUsdPerHour)}`;
  }
  if (limits.closedPools?.includes(poolId(pool))) return closedReason;
  const closed = limits.closedForAll?.find((candidate) => candidate.pool === poolId(pool));
  if (closed) return closedForAll(closed);
  return quoteWork(work, pool, type, usdPerHour) ?? `no throughput known for ${work.model} on ${type.gpu}`;
}

/** A single zone before any zone, Spot before on-demand as a fallback, then the cheapest image, then the name. */
function tier(quote: Quote, limits: Constraints): number {
  if (quote.pool.market === 'on-demand' && limits.onDemand === 'fallback') return 2;
  return quote.pool.azId === 'any' && quote.pool.market === 'spot' ? 1 : 0;
}

/** Orders the pools by what an image costs there; each rejected pool keeps its reason. */
export function rankPools(
  work: Work,
  pools: readonly Pool[],
  prices: readonly SpotPrice[],
  limits: Constraints,
): Ranking {
  const quotes: Quote[] = [];
  const rejected: RejectedPool[] = [];
  for (const pool of pools) {
    const verdict = consider(pool, work, prices, limits);
    if (typeof verdict === 'string') rejected.push({ id: poolId(pool), reason: verdict });
    else quotes.push(verdict);
  }
  quotes.sort((a, b) => tier(a, limits) - tier(b, limits) || a.usdPerImage - b.usdPerImage || (a.id < b.id ? -1 : 1));
  return { quotes, rejected: rejected.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}
