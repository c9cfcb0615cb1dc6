import type { PoolRecord } from '../learn/learned.ts';
import type { Outlook } from '../market/outlook.ts';
import { type Pool, poolId } from '../market/pools.ts';
import type { QuotaFigures } from '../market/quota-advice.ts';
import type { Evidence } from '../market/throughput.ts';
import { idleSeconds as assumedIdleSeconds } from '../slots/slots.ts';
import { type Cost, costOf } from './cost-model.ts';
import { findSpeed } from './speed.ts';
import { findSurvival, refusalChance } from './survival.ts';
import type { Work } from './work.ts';

/** A pool with what one image costs there. USD, seconds. */
export interface Quote {
  readonly pool: Pool;
  readonly id: string;
  readonly gpu: string;
  readonly usdPerHour: number;
  readonly onDemandUsdPerHour: number;
  readonly secondsPerImage: number;
  /** Boot and image pull: from SubmitJob to the start of the container. */
  readonly bootSeconds: number;
  /** Boot, image pull and loading the weights, before the first image. */
  readonly startSeconds: number;
  /** From the end of the container to the end of the instance. */
  readonly idleSeconds: number;
  /** An instance idles in the pool: it starts at once, and most of its idle seconds are paid already. */
  readonly warm: boolean;
  /** Boot and idle seconds of an instance of its own. */
  readonly coldBootSeconds: number;
  readonly coldIdleSeconds: number;
  /** Start and all images, without interruption. */
  readonly seconds: number;
  readonly expectedSeconds: number;
  readonly lossesPerHour: number;
  readonly refusalChance: number;
  readonly expectedAttempts: number;
  /** Of all images together, lost attempts included. */
  readonly usd: number;
  readonly usdPerImage: number;
  readonly evidence: { readonly speed: Evidence; readonly start: Evidence; readonly losses: Evidence };
}

/** Why a pool can't be quoted or taken. */
export interface RejectedReason {
  readonly kind: 'limit' | 'memory' | 'unknown' | 'price' | 'closed' | 'quota-zero' | 'quota-full';
  /** A sentence for people, with the number that decided. */
  readonly reason: string;
  /** Of a quota: its numbers. */
  readonly quota?: QuotaFigures;
}

export const isRejected = (verdict: Quote | RejectedReason): verdict is RejectedReason => 'reason' in verdict;

/** Assumed until the ledger knows better: instance boot 90 s and container pull 120 s (AWS Batch on EC2, 3-6 min in all). */
export const bootSeconds = 210;

/** The image is there, the container starts within seconds. Assumed. */
export const warmBootSeconds = 10;

/** Boot and idle seconds where an instance idles; those of an instance of its own where none does. */
function aroundOf(id: string, cold: { boot: number; idle: number }, { idle }: Outlook) {
  const left = idle.filter((row) => row.pool === id).map((row) => row.secondsLeft);
  if (!left.length) return { ...cold, warm: false };
  return {
    boot: Math.min(cold.boot, warmBootSeconds),
    // Of several the slot takes the one that is gone first (`slots.ts`).
    idle: Math.max(0, cold.idle - Math.min(...left)),
    warm: true,
  };
}

/** A price of a stranger: NaN, a string or nothing at all is none. */
const isPrice = (usd: number) => Number.isFinite(usd) && usd > 0;

/** The dearest of those that are prices: of two rows of one pool, and of the zones where AWS chooses one. */
function dearest(rows: readonly { readonly usdPerHour: number }[]): number | undefined {
  const prices = rows.map((row) => row.usdPerHour).filter(isPrice);
  return prices.length ? Math.max(...prices) : undefined;
}

const onDemandPriceOf = ({ onDemandPrices }: Outlook, instanceType: string) =>
  dearest(onDemandPrices.filter((price) => price.instanceType === instanceType));

function priceOf({ azId, instanceType, market }: Pool, outlook: Outlook): number | undefined {
  if (market === 'on-demand') return onDemandPriceOf(outlook, instanceType);
  return dearest(
    outlook.spotPrices.filter(
      (price) => price.instanceType === instanceType && (azId === 'any' || price.azId === azId),
    ),
  );
}

const noPrice = ({ market }: Pool): RejectedReason => ({
  kind: 'price',
  reason: market === 'spot' ? 'no Spot price: not offered in this zone' : 'no on-demand price is known',
});

/** A median of the pool over the assumption, which weighs as much as one attempt. */
function shrink(seconds: number | undefined, assumed: number, attempts: number): number {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return assumed;
  return (attempts * seconds + assumed) / (attempts + 1);
}

const attemptsOf = (record: PoolRecord | undefined) => {
  const attempts = (record?.successes ?? 0) + (record?.losses ?? 0);
  return Number.isFinite(attempts) && attempts > 0 ? attempts : 0;
};

/** What `work` costs in `pool`, or why nobody can say. */
export function quoteWork(work: Work, pool: Pool, outlook: Outlook): Quote | RejectedReason {
  const type = outlook.types.find((candidate) => candidate.name === pool.instanceType);
  if (!type) return { kind: 'unknown', reason: 'an instance type that is not in the table' };
  const usdPerHour = priceOf(pool, outlook);
  if (usdPerHour === undefined) return noPrice(pool);
  const speed = findSpeed(work, type, outlook);
  if (!speed) return { kind: 'unknown', reason: `no throughput known for ${work.model} on ${type.gpu}` };
  const id = poolId(pool);
  const record = outlook.records.find((row) => row.pool === id);
  const attempts = attemptsOf(record);
  const cold = {
    boot: shrink(record?.bootSeconds, bootSeconds, attempts),
    idle: shrink(record?.idleSeconds, assumedIdleSeconds, attempts),
  };
  const { boot, idle: idleSeconds, warm } = aroundOf(id, cold, outlook);
  const { lossesPerHour, evidence: losses } = findSurvival(pool, outlook);
  const startSeconds = boot + speed.loadSeconds;
  const { secondsPerImage } = speed;
  const cost: Cost = costOf({
    usdPerHour,
    lossesPerHour,
    startSeconds,
    images: work.images,
    secondsPerImage,
    idleSeconds,
  });
  // Absurd figures of a stranger overflow; a cost that is no number has no place in an order.
  if (!Number.isFinite(cost.usd)) return { kind: 'unknown', reason: 'what it costs is no finite number' };
  return {
    pool,
    id,
    gpu: type.gpu,
    usdPerHour,
    onDemandUsdPerHour: onDemandPriceOf(outlook, type.name) ?? usdPerHour,
    secondsPerImage,
    bootSeconds: boot,
    startSeconds,
    idleSeconds,
    warm,
    coldBootSeconds: cold.boot,
    coldIdleSeconds: cold.idle,
    seconds: cost.seconds,
    expectedSeconds: cost.expectedSeconds,
    lossesPerHour,
    refusalChance: refusalChance(pool, outlook.records),
    expectedAttempts: 1 + cost.lossChance,
    usd: cost.usd,
    usdPerImage: cost.usd / work.images,
    evidence: {
      speed: speed.evidence,
      start: attempts >= 1 && record?.bootSeconds !== undefined ? 'measured' : 'assumed',
      losses,
    },
  };
}
