import type { InstanceType } from './instance-types.ts';
import { findModel } from './models.ts';
import { type Pool, poolId } from './pools.ts';
import { type Evidence, secondsPerImage } from './throughput.ts';
import type { Work } from './work.ts';

/** A pool with what one image costs there. USD, seconds. */
export interface Quote {
  readonly pool: Pool;
  readonly id: string;
  readonly gpu: string;
  readonly usdPerHour: number;
  readonly onDemandUsdPerHour: number;
  readonly secondsPerImage: number;
  /** Boot, image pull and loading the weights, before the first image. */
  readonly startSeconds: number;
  /** Start and all images, without interruption. */
  readonly seconds: number;
  readonly expectedAttempts: number;
  /** Of all images together, lost attempts included. */
  readonly usd: number;
  readonly usdPerImage: number;
  readonly evidence: Evidence;
}

/** Assumed until the ledger knows better: instance boot 90 s and container pull 120 s (AWS Batch on EC2, 3-6 min in all). */
export const bootSeconds = 210;
/** Weights from S3 at the network's 1.25 GB/s, plus importing the libraries. */
const loadSeconds = (weightsGib: number) => 15 + weightsGib / 1.16;

/** gp3 root volume and public IPv4, billed with the instance: about 1.6 cents an hour. */
export const extrasUsdPerHour = 0.016;

/**
 * Interruptions per hour where nothing is known: Spot Advisor's middle band (10-15 % a month) is far below it, but GPU
 * traces of 2023 show a loss every few hours; a prudent default until the ledger learns. On-demand is never interrupted.
 */
const lossesPerHour = { spot: 0.1, 'on-demand': 0 } as const;

/** What `work` costs in `pool` at `usdPerHour`; undefined where nothing is known of the model's speed there. */
export function quoteWork(work: Work, pool: Pool, type: InstanceType, usdPerHour: number): Quote | undefined {
  const speed = secondsPerImage(work.typical, type.gpu);
  const model = findModel(work.model);
  if (!speed || !model) return undefined;
  const startSeconds = bootSeconds + loadSeconds(model.weightsGib);
  const renderSeconds = work.images * speed.seconds;
  const seconds = startSeconds + renderSeconds;
  // Finished images stay, so a loss repeats the start alone: the attempts add starts, not renderings.
  const losses = (lossesPerHour[pool.market] * seconds) / 3600;
  const usd = ((usdPerHour + extrasUsdPerHour) * (seconds + losses * startSeconds)) / 3600;
  return {
    pool,
    id: poolId(pool),
    gpu: type.gpu,
    usdPerHour,
    onDemandUsdPerHour: type.onDemandUsdPerHour,
    secondsPerImage: speed.seconds,
    startSeconds,
    seconds,
    expectedAttempts: 1 + losses,
    usd,
    usdPerImage: usd / work.images,
    evidence: speed.evidence,
  };
}
