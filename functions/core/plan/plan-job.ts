import type { JobImage } from '../input/expand-prompts.ts';
import type { Job } from '../input/job.ts';
import type { Outlook } from '../market/outlook.ts';
import type { Pool } from '../market/pools.ts';
import { adviseQuota, instancesWithin, type QuotaAdvice } from '../market/quota-advice.ts';
import type { Quote } from '../pick/quote.ts';
import { type RejectedPool, rankPools } from '../pick/rank-pools.ts';
import { type RankedRow, toRankedRows } from '../pick/ranked-row.ts';
import { roundUsd } from '../usd.ts';
import { cutPilots, type PlannedPilot } from './cut-pilots.ts';
import { cutShards, type Shard } from './cut-shards.ts';
import { pilotImages } from './pilots.ts';
import { mapRange, type Range, toCost, toReady } from './plan-cost.ts';
import { type Ground, type ModelPlan, planModels } from './plan-models.ts';

/** The Map's inline limit is 40. */
export const mostConcurrent = 40;
/** A state's output holds 256 KiB. */
const mostRejected = 20;
const mostGaps = 10;

export interface Plan {
  readonly shards: readonly Shard[];
  /** Shards that find out how fast a type is which may be cheaper than it is believed to be. */
  readonly pilots: readonly PlannedPilot[];
  /** At least 1: a `MaxConcurrency` of 0 means unlimited. */
  readonly concurrency: number;
  readonly ranked: readonly RankedRow[];
  /** The first of them, each with its reason. */
  readonly rejected: readonly RejectedPool[];
  readonly rejectedCount: number;
  /** On-demand: the same work on the cheapest on-demand image. */
  readonly costUsd: Range & { readonly onDemand: number };
  readonly readySeconds: Range;
  /** `sameGpu`: the type that every shard uses; empty: any. */
  readonly instanceType: string;
  /** Quotas that keep shards from running at once. */
  readonly advice: readonly QuotaAdvice[];
  /** What could not be read. */
  readonly gaps: readonly string[];
  /** Child executions that render it, one after another; absent: this one does. */
  readonly parts?: number;
}

export interface PlanOptions {
  readonly pools: readonly Pool[];
  readonly outlook: Outlook;
  /** Rendering time that a shard aims at, in seconds; undefined: as the start and the losses of the best pool say. */
  readonly shardSeconds?: number;
}

interface PlannedModel {
  readonly quotes: readonly Quote[];
  /** Of one shard. */
  readonly quote: Quote;
  readonly shards: number;
  readonly onDemandUsd: number;
}

/** One shard of the model, in the pool that is the best for a shard: the choice that Pick spot pool will make. */
function quoteShard(
  { work, pilots }: ModelPlan,
  shards: number,
  { pools, outlook, limits }: Ground,
): PlannedModel | undefined {
  const part = { ...work, images: (work.images - pilots.length * pilotImages) / shards };
  const { quotes } = rankPools(part, pools, outlook, limits);
  const [quote] = quotes;
  const open = { ...outlook, quotas: [] };
  const [onDemand] = rankPools(part, pools, open, { onDemand: 'only' }).quotes;
  return quote && { quotes, quote, shards, onDemandUsd: (onDemand?.usdPerImage ?? 0) * work.images };
}

function adviseQuotas(models: readonly PlannedModel[], outlook: Outlook, shards: number): readonly QuotaAdvice[] {
  const atOnce = Math.min(shards, mostConcurrent);
  const all = models.flatMap(({ quote }) => adviseQuota(quote.pool, outlook, atOnce) ?? []);
  const most = all.toSorted((a, b) => a.need - b.need);
  return [...new Map(most.map((advice) => [advice.code, advice])).values()];
}

/** The shards of all models, those of the pilots first. */
function cutAll(job: Job, images: readonly JobImage[], plans: readonly ModelPlan[]) {
  const planOf = new Map(plans.map((plan) => [plan.work.model, plan]));
  const first = cutPilots(job.jobId, images, (model) => planOf.get(model)?.pilots ?? []);
  const rest = cutShards(job.jobId, first.rest, (model) => planOf.get(model)?.shardImages ?? 1);
  const shards = [...first.shards, ...rest].map((shard, index) => ({ ...shard, shard: index }));
  return { shards, pilots: first.pilots, countOf: Map.groupBy(rest, (shard) => shard.model) };
}

/** How the job will be rendered and what that will cost; throws NoEligiblePool where it can't be. */
export function planJob(job: Job, images: readonly JobImage[], options: PlanOptions): Plan {
  const { ground, plans } = planModels(job, images, options);
  const { shards, pilots, countOf } = cutAll(job, images, plans);
  const models = plans.flatMap((plan) => quoteShard(plan, countOf.get(plan.work.model)?.length ?? 1, ground) ?? []);
  const within = models.map(({ quote }) => instancesWithin(quote.pool, options.outlook) ?? mostConcurrent);
  const concurrency = Math.max(1, Math.min(mostConcurrent, shards.length, ...within));
  const rejected = plans.flatMap((plan) => plan.rejected);
  const planned = [...models, ...plans.flatMap((plan) => plan.pilots.map((quote) => ({ quote, shards: 1 })))];
  const onDemandUsd = models.reduce((sum, model) => sum + model.onDemandUsd, 0);
  return {
    shards,
    pilots,
    concurrency,
    ranked: toRankedRows(models[0]?.quotes ?? []),
    rejected: rejected.slice(0, mostRejected),
    rejectedCount: rejected.length,
    costUsd: { ...mapRange(toCost(planned, concurrency), roundUsd), onDemand: roundUsd(onDemandUsd) },
    readySeconds: mapRange(toReady(planned, concurrency), Math.round),
    instanceType: ground.limits.instanceType ?? '',
    advice: adviseQuotas(models, options.outlook, shards.length),
    gaps: options.outlook.gaps.slice(0, mostGaps),
  };
}
