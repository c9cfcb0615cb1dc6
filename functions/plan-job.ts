import pMap from 'p-map';
import { z } from 'zod';
import type { Job } from './core/input/job.ts';
import { jobSchema } from './core/input/job-schema.ts';
import { sampleKey } from './core/input/parts.ts';
import { readRecipesAt } from './core/input/recipes-file.ts';
import { describeProblem, gap } from './core/market/gap.ts';
import type { ReadOutlook } from './core/market/outlook.ts';
import { listPools } from './core/market/pools.ts';
import type { PriceHistory } from './core/market/ports.ts';
import { planParts } from './core/parts/plan-parts.ts';
import { curveDays, poolsWithCurves, toPriceCurves } from './core/pick/price-curve.ts';
import { type Plan, planJob } from './core/plan/plan-job.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { pricesKey, recipesKey, shardKey } from './core/storage/keys.ts';

const eventSchema = z.object({ job: jobSchema });

export interface PlanJobDeps {
  readonly bucket: Bucket;
  readonly readOutlook: ReadOutlook;
  readonly priceHistory: PriceHistory;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
}

/** A shard as the Map sees it: large things travel by key. */
interface ShardItem {
  readonly shard: number;
  readonly key: string;
  readonly images: number;
  /** The instance type that it is lent to; empty: any. */
  readonly pilot: string;
}

export type PlanJobResult = Omit<Plan, 'shards'> & { readonly shards: readonly ShardItem[]; readonly spentUsd: 0 };

/** Ranks the pools, cuts the shards and says what the job will cost, before a cent is spent. */
export function makePlanJob(deps: PlanJobDeps) {
  const { bucket, instanceTypes } = deps;

  /** For the report. What is missing, in a sentence: a curve that can't be read keeps no job from its pictures. */
  async function keepPrices({ jobId, startedAt }: Job, { ranked }: Plan): Promise<readonly string[]> {
    const pools = poolsWithCurves(ranked);
    if (!pools.length) return [];
    const types = [...new Set(pools.map((pool) => pool.split('/')[1] ?? ''))];
    const to = Date.parse(startedAt);
    const from = to - curveDays * 86_400_000;
    const changes = await deps.priceHistory.changes(types, new Date(from)).catch(describeProblem);
    if (typeof changes === 'string') return [gap.unread('Spot prices of the last days', changes)];
    await bucket.write(pricesKey(jobId), JSON.stringify(toPriceCurves(changes, pools, { from, to })));
    return [];
  }

  return async (event: unknown): Promise<PlanJobResult> => {
    const { job } = eventSchema.parse(event);
    const recipes = job.parts ? sampleKey(job.jobId) : recipesKey(job.jobId);
    const [images, outlook] = await Promise.all([readRecipesAt(bucket, recipes), deps.readOutlook(instanceTypes)]);
    const pools = listPools(deps.zones, instanceTypes);
    const plan = (job.parts ? planParts : planJob)(job, images, { pools, outlook });
    let gaps = plan.gaps;
    // The parts of a job cut their own shards, and keep their own prices.
    if (job.mode === 'run' && !job.parts) {
      const write = (shard: (typeof plan.shards)[number]) =>
        bucket.write(shardKey(job.jobId, shard.shard), JSON.stringify(shard));
      await pMap(plan.shards, write, { concurrency: 16 });
      gaps = [...gaps, ...(await keepPrices(job, plan))];
    }
    const shards = plan.shards.map(({ shard, images: part }) => ({
      shard,
      key: shardKey(job.jobId, shard),
      images: part.length,
      pilot: plan.pilots.find((pilot) => pilot.shard === shard)?.instanceType ?? '',
    }));
    return { ...plan, shards, gaps, spentUsd: 0 };
  };
}
