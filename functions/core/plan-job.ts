import { cutShards, type Shard, shardSize } from './cut-shards.ts';
import { NoEligiblePool } from './errors.ts';
import type { JobImage } from './expand-prompts.ts';
import type { Job } from './job.ts';
import type { Pool } from './pools.ts';
import { extrasUsdPerHour, type Quote } from './quote.ts';
import { type Constraints, type RejectedPool, rankPools, type SpotPrice } from './rank-pools.ts';
import { type RankedRow, toRankedRows } from './ranked-row.ts';
import { describeWork, type Work } from './work.ts';

/** The Map's inline limit is 40. */
export const mostConcurrent = 40;

export interface Plan {
  readonly shards: readonly Shard[];
  /** At least 1: a `MaxConcurrency` of 0 means unlimited. */
  readonly concurrency: number;
  readonly ranked: readonly RankedRow[];
  readonly rejected: readonly RejectedPool[];
  /** p50: as quoted. p90: one start and half a shard lost on the way. On-demand: the same work on the cheapest on-demand image. */
  readonly costUsd: { readonly p50: number; readonly p90: number; readonly onDemand: number };
  readonly readySeconds: { readonly p50: number; readonly p90: number };
  /** `sameGpu`: the type that every shard uses; empty: any. */
  readonly instanceType: string;
}

export interface PlanOptions {
  readonly pools: readonly Pool[];
  readonly prices: readonly SpotPrice[];
  /** Rendering time that a shard aims at, in seconds. */
  readonly shardSeconds: number;
}

interface ModelPlan {
  readonly work: Work;
  readonly best: Quote;
  readonly quotes: readonly Quote[];
  readonly rejected: readonly RejectedPool[];
  readonly onDemand?: Quote;
}

function describeImages(images: readonly JobImage[]): Work {
  const work = describeWork(images.map((image) => image.recipe));
  if (!work) throw new NoEligiblePool('Expected images of a known model, got none.');
  return work;
}

function planModel(work: Work, limits: Constraints, options: PlanOptions): ModelPlan {
  const { quotes, rejected } = rankPools(work, options.pools, options.prices, limits);
  const best = quotes[0];
  if (!best) {
    const reasons = rejected.map((pool) => `${pool.id}: ${pool.reason}`).join('; ');
    throw new NoEligiblePool(
      `No pool can render ${work.images} images of \`${work.model}\`. ${reasons || 'No pool is configured'}.`,
    );
  }
  const onDemand = rankPools(work, options.pools, [], { onDemand: 'only' }).quotes[0];
  return { work, best, quotes, rejected, onDemand };
}

/** `sameGpu`: the type whose images are the cheapest over all models of the job, among those that can render each of them. */
function pickSameType(works: readonly Work[], job: Job, options: PlanOptions): string | undefined {
  const types = [...new Set(options.pools.map((pool) => pool.instanceType))].toSorted();
  const costs = types.map((instanceType) => {
    const limits = { ...job, instanceType };
    const bests = works.map((work) => rankPools(work, options.pools, options.prices, limits).quotes[0]?.usd);
    return { instanceType, usd: sum(bests.map((usd) => usd ?? Number.POSITIVE_INFINITY)) };
  });
  const best = costs.toSorted((a, b) => a.usd - b.usd)[0];
  // Where none can render all, the plan of the first model says which pools were rejected and why.
  return best && Number.isFinite(best.usd) ? best.instanceType : undefined;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const cents = (usd: number) => Number(usd.toFixed(6));

/** How the job will be rendered and what that will cost; throws NoEligiblePool where it can't be. */
export function planJob(job: Job, images: readonly JobImage[], options: PlanOptions): Plan {
  const works = [...Map.groupBy(images, (image) => image.recipe.model).values()].map(describeImages);
  const instanceType = job.sameGpu ? pickSameType(works, job, options) : undefined;
  const plans = works.map((work) => planModel(work, { ...job, instanceType }, options));
  const planOf = new Map(plans.map((plan) => [plan.work.model, plan]));
  const shards = cutShards(job.jobId, images, (model, count) =>
    shardSize(count, planOf.get(model)?.best.secondsPerImage ?? 1, options.shardSeconds),
  );
  const concurrency = Math.max(1, Math.min(mostConcurrent, shards.length));
  const startUsd = (plan: ModelPlan) => ((plan.best.usdPerHour + extrasUsdPerHour) * plan.best.startSeconds) / 3600;
  const shardsOf = (plan: ModelPlan) => shards.filter((shard) => shard.model === plan.work.model).length;
  // A quote pays for one start; each further shard pays for its own.
  const p50 = sum(plans.map((plan) => plan.best.usd + (shardsOf(plan) - 1) * startUsd(plan)));
  const loss = sum(plans.map((plan) => startUsd(plan) + (plan.best.usd - startUsd(plan)) / (2 * shardsOf(plan))));
  const shardSeconds = plans.map(
    (plan) => plan.best.startSeconds + (plan.best.seconds - plan.best.startSeconds) / shardsOf(plan),
  );
  const rounds = Math.ceil(shards.length / concurrency);
  const longest = Math.max(...shardSeconds);
  const slowest = longest * rounds;
  const main = plans[0];
  return {
    shards,
    concurrency,
    ranked: toRankedRows(main?.quotes ?? []),
    rejected: plans.flatMap((plan) => plan.rejected).slice(0, 20),
    costUsd: {
      p50: cents(p50),
      p90: cents(p50 + loss),
      onDemand: cents(sum(plans.map((plan) => plan.onDemand?.usd ?? 0))),
    },
    readySeconds: { p50: Math.round(slowest), p90: Math.round(slowest + longest) },
    instanceType: instanceType ?? '',
  };
}
