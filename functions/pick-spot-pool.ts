import { z } from 'zod';
import { BudgetExceeded } from './core/errors.ts';
import { findExistingImages } from './core/existing-images.ts';
import { jobSchema } from './core/job-schema.ts';
import { type Pick, pickPool } from './core/pick-pool.ts';
import { listPools } from './core/pools.ts';
import type { Bucket, Clock, ClosedPools, Ledger, SpotMarket } from './core/ports.ts';
import { parseShard } from './core/shard-schema.ts';
import { triedSchema } from './core/tried-schema.ts';
import { describeWork } from './core/work.ts';

const eventSchema = z.object({
  job: jobSchema,
  shard: z.int().min(0),
  key: z.string(),
  attempt: z.int().min(1),
  tried: triedSchema,
  /** Empty: any. */
  instanceType: z.string(),
});

export interface PickSpotPoolDeps {
  readonly bucket: Bucket;
  readonly market: SpotMarket;
  readonly ledger: Ledger;
  readonly closedPools: ClosedPools;
  readonly clock: Clock;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
}

/** The cheapest image for what is left of a shard; its worst case is set aside before anything starts. */
export function makePickSpotPool(deps: PickSpotPoolDeps) {
  const { bucket, ledger } = deps;

  async function workLeft(key: string) {
    const { images } = parseShard((await bucket.read(key)) ?? '');
    const present = await findExistingImages(
      bucket,
      images.map((image) => image.hash),
    );
    const missing = images.filter((image) => !present.has(image.hash));
    // All there by now (another worker finished them): any image will do for the quote, the worker will find nothing.
    return describeWork((missing.length ? missing : images).map((image) => image.recipe));
  }

  return async (event: unknown): Promise<Pick> => {
    const { job, shard, key, attempt, tried, instanceType } = eventSchema.parse(event);
    const [work, prices, closedForAll] = await Promise.all([
      workLeft(key),
      deps.market.currentPrices(deps.instanceTypes),
      deps.closedPools.list(),
    ]);
    if (!work) throw new TypeError(`Expected shard ${shard} to hold images of a known model`);
    const request = {
      job,
      shard,
      attempt,
      work,
      tried,
      instanceType: instanceType || undefined,
      closedForAll,
      now: deps.clock.now(),
    };
    const pick = pickPool(request, listPools(deps.zones, deps.instanceTypes), prices);
    const { jobName, queue, worstUsd } = pick;
    const reserved = await ledger.reserve({ jobId: job.jobId, jobName, queue, usd: worstUsd }, job.maxUsd);
    if (!reserved) {
      throw new BudgetExceeded(
        `The next attempt may cost up to $${worstUsd.toFixed(4)} in ${pick.pool}, which does not fit what is left of ` +
          `\`maxUsd\` $${job.maxUsd}. To fix: raise \`maxUsd\`, or send the requeue file later.`,
      );
    }
    return pick;
  };
}
