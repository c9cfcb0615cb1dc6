import pMap from 'p-map';
import { z } from 'zod';
import { jobSchema } from './core/job-schema.ts';
import { shardKey } from './core/keys.ts';
import type { ReadOutlook } from './core/outlook.ts';
import { type Plan, planJob } from './core/plan-job.ts';
import { listPools } from './core/pools.ts';
import type { Bucket } from './core/ports.ts';
import { readRecipes } from './core/recipes-file.ts';

const eventSchema = z.object({ job: jobSchema });

export interface PlanJobDeps {
  readonly bucket: Bucket;
  readonly readOutlook: ReadOutlook;
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
  return async (event: unknown): Promise<PlanJobResult> => {
    const { job } = eventSchema.parse(event);
    const { bucket, instanceTypes } = deps;
    const [images, outlook] = await Promise.all([readRecipes(bucket, job.jobId), deps.readOutlook(instanceTypes)]);
    const pools = listPools(deps.zones, instanceTypes);
    const plan = planJob(job, images, { pools, outlook });
    if (job.mode === 'run') {
      const write = (shard: (typeof plan.shards)[number]) =>
        bucket.write(shardKey(job.jobId, shard.shard), JSON.stringify(shard));
      await pMap(plan.shards, write, { concurrency: 16 });
    }
    const shards = plan.shards.map(({ shard, images: part }) => ({
      shard,
      key: shardKey(job.jobId, shard),
      images: part.length,
      pilot: plan.pilots.find((pilot) => pilot.shard === shard)?.instanceType ?? '',
    }));
    return { ...plan, shards, spentUsd: 0 };
  };
}
