import type { Outlook } from '../market/outlook.ts';
import { type Pool, poolId } from '../market/pools.ts';
import { explainFigures, figuresOf, judge } from '../market/quota-advice.ts';
import { closedForAll } from '../wait/closed-pools.ts';
import { preferScores } from './prefer-scores.ts';
import { isRejected, type Quote, quoteWork, type RejectedReason } from './quote.ts';
import type { Work } from './work.ts';

export interface Constraints {
  readonly maxUsdPerHour?: number;
  readonly onDemand: 'never' | 'fallback' | 'only';
  /** Pools that this shard has lost or that refused it. */
  readonly closedPools?: readonly string[];
  /** After GpuOutOfMemory: more memory than the pool that failed, in GiB. */
  readonly vramAboveGib?: number;
  /** `sameGpu`: only this instance type. */
  readonly instanceType?: string;
}

export interface RejectedPool extends RejectedReason {
  readonly id: string;
}

export interface Ranking {
  /** Cheapest image first. */
  readonly quotes: readonly Quote[];
  readonly rejected: readonly RejectedPool[];
}

export const closedReason = 'lost or refused in this shard';

/** Reasons that waiting changes. */
export const isSoft = ({ kind }: RejectedReason) => kind === 'closed' || kind === 'quota-full';

const money = (usd: number) => `$${usd.toFixed(4)}`;

const limit = (reason: string): RejectedReason => ({ kind: 'limit', reason });

/** What the job, the GPU and the quota rule out, whatever the price is. */
function whyUnfit(pool: Pool, work: Work, outlook: Outlook, limits: Constraints): RejectedReason | undefined {
  if (limits.instanceType && pool.instanceType !== limits.instanceType) {
    return limit(`\`sameGpu\` keeps this job on ${limits.instanceType}`);
  }
  if (pool.market === 'on-demand' && limits.onDemand === 'never') return limit('`onDemand` is `never`');
  if (pool.market === 'spot' && limits.onDemand === 'only') return limit('`onDemand` is `only`');
  const needed = Math.max(work.vramGib, limits.vramAboveGib ? limits.vramAboveGib + 0.1 : 0);
  const vramGib = outlook.types.find(({ name }) => name === pool.instanceType)?.vramGib;
  if (vramGib !== undefined && vramGib < needed) {
    return { kind: 'memory', reason: `needs ${needed.toFixed(1)} GiB of GPU memory, has ${vramGib}` };
  }
  const quota = figuresOf(pool, outlook);
  if (quota && judge(quota) === 'zero') return { kind: 'quota-zero', reason: explainFigures(quota), quota };
  return undefined;
}

/** What is no more so after a while. */
function whyNotNow(pool: Pool, outlook: Outlook, limits: Constraints): RejectedReason | undefined {
  const id = poolId(pool);
  if (limits.closedPools?.includes(id)) return { kind: 'closed', reason: closedReason };
  const closed = outlook.closedForAll.find((candidate) => candidate.pool === id);
  if (closed) return { kind: 'closed', reason: closedForAll(closed) };
  const quota = figuresOf(pool, outlook);
  if (quota && judge(quota) === 'full') return { kind: 'quota-full', reason: explainFigures(quota), quota };
  return undefined;
}

function consider(pool: Pool, work: Work, outlook: Outlook, limits: Constraints): Quote | RejectedReason {
  const unfit = whyUnfit(pool, work, outlook, limits);
  if (unfit) return unfit;
  const quote = quoteWork(work, pool, outlook);
  if (isRejected(quote)) return quote;
  const { usdPerHour } = quote;
  if (limits.maxUsdPerHour !== undefined && usdPerHour > limits.maxUsdPerHour) {
    return limit(`costs ${money(usdPerHour)}/h, \`maxUsdPerHour\` is ${money(limits.maxUsdPerHour)}`);
  }
  return whyNotNow(pool, outlook, limits) ?? quote;
}

/** A single zone before any zone, Spot before on-demand as a fallback. */
function tier({ pool }: Quote, limits: Constraints): number {
  if (pool.market === 'on-demand' && limits.onDemand === 'fallback') return 2;
  return pool.azId === 'any' && pool.market === 'spot' ? 1 : 0;
}

/** The cheapest image, then the fewest losses, the sooner end, the name. */
const byImage = (a: Quote, b: Quote) =>
  a.usdPerImage - b.usdPerImage ||
  a.lossesPerHour - b.lossesPerHour ||
  a.expectedSeconds - b.expectedSeconds ||
  (a.id < b.id ? -1 : 1);

/** Pools without a price last, then by name. */
const byReason = (a: RejectedPool, b: RejectedPool) =>
  Number(a.kind === 'price') - Number(b.kind === 'price') || (a.id < b.id ? -1 : 1);

/** Orders the pools by what an image costs there; each rejected pool keeps its reason. */
export function rankPools(work: Work, pools: readonly Pool[], outlook: Outlook, limits: Constraints): Ranking {
  const quotes: Quote[] = [];
  const rejected: RejectedPool[] = [];
  for (const pool of pools) {
    const verdict = consider(pool, work, outlook, limits);
    if (isRejected(verdict)) rejected.push({ id: poolId(pool), ...verdict });
    else quotes.push(verdict);
  }
  const tiers = [0, 1, 2].map((wanted) => quotes.filter((quote) => tier(quote, limits) === wanted).toSorted(byImage));
  return {
    quotes: tiers.flatMap((sorted) => preferScores(sorted, outlook.scores)),
    rejected: rejected.toSorted(byReason),
  };
}
