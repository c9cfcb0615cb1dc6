import type { Outlook } from '../market/outlook.ts';
import { type Pool, poolId } from '../market/pools.ts';
import type { QuotaFigures } from '../market/quota-advice.ts';
import type { Evidence } from '../market/throughput.ts';
import { aroundContainer } from './around-container.ts';
import { costOf } from './cost-model.ts';
import { onDemandPriceOf, priceOf } from './pool-price.ts';
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

const noPrice = ({ market }: Pool): RejectedReason => ({
  kind: 'price',
  reason: market === 'spot' ? 'no Spot price: not offered in this zone' : 'no on-demand price is known',
});

/** What `work` costs in `pool`, or why nobody can say. */
export function quoteWork(work: Work, pool: Pool, outlook: Outlook): Quote | RejectedReason {
  const type = outlook.types.find((candidate) => candidate.name === pool.instanceType);
  if (!type) return { kind: 'unknown', reason: 'an instance type that is not in the table' };
  const usdPerHour = priceOf(pool, outlook);
  if (usdPerHour === undefined) return noPrice(pool);
  const speed = findSpeed(work, type, outlook);
  if (!speed) return { kind: 'unknown', reason: `no throughput known for ${work.model} on ${type.gpu}` };
  const id = poolId(pool);
  const { boot, idle, warm, cold, measured } = aroundContainer(id, outlook);
  const { lossesPerHour, evidence: losses } = findSurvival(pool, outlook);
  const figures = {
    usdPerHour,
    lossesPerHour,
    startSeconds: boot + speed.loadSeconds,
    secondsPerImage: speed.secondsPerImage,
    idleSeconds: idle,
  };
  const cost = costOf({ ...figures, images: work.images });
  // Absurd figures of a stranger overflow; a cost that is no number has no place in an order.
  if (!Number.isFinite(cost.usd)) return { kind: 'unknown', reason: 'what it costs is no finite number' };
  return {
    pool,
    id,
    gpu: type.gpu,
    ...figures,
    onDemandUsdPerHour: onDemandPriceOf(outlook, type.name) ?? usdPerHour,
    bootSeconds: boot,
    warm,
    coldBootSeconds: cold.boot,
    coldIdleSeconds: cold.idle,
    seconds: cost.seconds,
    expectedSeconds: cost.expectedSeconds,
    refusalChance: refusalChance(pool, outlook.records),
    usd: cost.usd,
    usdPerImage: cost.usd / work.images,
    evidence: { speed: speed.evidence, start: measured ? 'measured' : 'assumed', losses },
  };
}
