import { NoEligiblePool } from '../errors.ts';
import type { JobImage } from '../input/expand-prompts.ts';
import type { Job } from '../input/job.ts';
import type { Outlook } from '../market/outlook.ts';
import type { Pool } from '../market/pools.ts';
import { askWhere } from '../market/quota-advice.ts';
import type { Quote } from '../pick/quote.ts';
import { type Constraints, type RejectedPool, rankPools } from '../pick/rank-pools.ts';
import { describeWork, type Work } from '../pick/work.ts';
import { planPilots } from './pilots.ts';
import { shardImages, shardSecondsFor } from './shard-length.ts';

export interface ModelPlan {
  /** All images of one model. */
  readonly work: Work;
  /** Images of a shard at most. */
  readonly shardImages: number;
  readonly rejected: readonly RejectedPool[];
  /** Each for its few images. */
  readonly pilots: readonly Quote[];
}

/** Where a job may be rendered, and what is known of it. */
export interface Ground {
  readonly pools: readonly Pool[];
  readonly outlook: Outlook;
  readonly limits: Constraints;
}

function describeImages(images: readonly JobImage[]): Work {
  const work = describeWork(images.map((image) => image.recipe));
  if (!work) throw new NoEligiblePool('Expected images of a known model, got none.');
  return work;
}

/**
 * A plan is about hours: what is closed for ten minutes or full at the moment is open in it, and no instance idles. Alone
 * (`mode: plan`) it also goes past a quota of 0, and advises to raise it.
 */
function calm(outlook: Outlook, mode: Job['mode']): Outlook {
  const quotas = outlook.quotas.map(({ used: _, ...quota }) => quota);
  return { ...outlook, closedForAll: [], idle: [], quotas: mode === 'plan' ? [] : quotas };
}

const slackOf = ({ readyBy, startedAt }: Job) =>
  readyBy === undefined ? undefined : (Date.parse(readyBy) - Date.parse(startedAt)) / 1000;

function refuse(work: Work, rejected: readonly RejectedPool[]): never {
  const reasons = rejected.map((pool) => `${pool.id}: ${pool.reason}`).join('; ');
  throw new NoEligiblePool(
    `No pool can render ${work.images} images of \`${work.model}\`. ${reasons || 'No pool is configured'}.` +
      askWhere(rejected.flatMap((pool) => pool.quota ?? [])),
  );
}

function planModel(work: Work, { pools, outlook, limits }: Ground, job: Job, shardSeconds?: number): ModelPlan {
  const rank = (images: number) => rankPools({ ...work, images }, pools, outlook, limits);
  const { quotes, rejected } = rank(work.images);
  const best = quotes[0] ?? refuse(work, rejected);
  const bestFor = (images: number) => rank(images).quotes[0] ?? best;
  const images = shardImages(work.images, bestFor, (quote) => shardSeconds ?? shardSecondsFor(quote, slackOf(job)));
  const pilots = job.sameGpu ? [] : planPilots({ ...work, images }, rank(images).quotes, outlook, work.images / images);
  return { work, shardImages: images, rejected, pilots };
}

/** `sameGpu`: the type whose images are the cheapest over all models of the job, among those that can render each of them. */
function pickSameType(works: readonly Work[], { pools, outlook, limits }: Ground): string | undefined {
  const types = [...new Set(pools.map((pool) => pool.instanceType))].toSorted();
  const costs = types.map((instanceType) => {
    const bests = works.map((work) => rankPools(work, pools, outlook, { ...limits, instanceType }).quotes[0]?.usd);
    return { instanceType, usd: bests.reduce<number>((sum, usd) => sum + (usd ?? Number.POSITIVE_INFINITY), 0) };
  });
  const best = costs.toSorted((a, b) => a.usd - b.usd)[0];
  // Where none can render all, the plan of the first model says which pools were rejected and why.
  return best && Number.isFinite(best.usd) ? best.instanceType : undefined;
}

/** @param options.shardSeconds undefined: as the start and the losses of the best pool say */
export function planModels(
  job: Job,
  images: readonly JobImage[],
  options: Pick<Ground, 'pools' | 'outlook'> & { readonly shardSeconds?: number },
): { readonly ground: Ground; readonly plans: readonly ModelPlan[] } {
  const works = [...Map.groupBy(images, (image) => image.recipe.model).values()].map(describeImages);
  const any: Ground = { pools: options.pools, outlook: calm(options.outlook, job.mode), limits: job };
  const instanceType = job.instanceType ?? (job.sameGpu ? pickSameType(works, any) : undefined);
  const ground = { ...any, limits: { ...job, instanceType } };
  return { ground, plans: works.map((work) => planModel(work, ground, job, options.shardSeconds)) };
}
