import { z } from 'zod';
import type { Clock } from './core/clock.ts';
import { BudgetExceeded } from './core/errors.ts';
import { jobSchema } from './core/input/job-schema.ts';
import type { ReadOutlook } from './core/market/outlook.ts';
import { listPools } from './core/market/pools.ts';
import { type Pick, type PickRequest, pickPool } from './core/pick/pick-pool.ts';
import { markFull, onTakenSlot, toSlotRequest, withoutSlots } from './core/pick/slot-of-pick.ts';
import { describeWork } from './core/pick/work.ts';
import { parseShard } from './core/plan/shard-schema.ts';
import type { Ledger } from './core/settle/ledger.ts';
import { attemptName } from './core/shard/attempt.ts';
import { triedSchema } from './core/shard/tried-schema.ts';
import type { Slots } from './core/slots/slot-request.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { findExistingImages } from './core/storage/existing-images.ts';

const eventSchema = z.object({
  job: jobSchema,
  shard: z.int().min(0),
  key: z.string(),
  /** Of the shard's images, by Find missing images just before. Absent: not known. */
  missing: z.int().min(0).nullish(),
  attempt: z.int().min(1),
  tried: triedSchema,
  /** Empty: any. */
  instanceType: z.string(),
  /** The instance type that the shard is lent to in its first attempt. Absent or empty: none. */
  pilot: z.string().optional(),
  // Absent in an execution that began before this was deployed.
  shards: z.int().min(1).default(1),
  concurrency: z.int().min(1).default(1),
});

export interface PickSpotPoolDeps {
  readonly bucket: Bucket;
  readonly readOutlook: ReadOutlook;
  readonly ledger: Ledger;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
  /** Shortens the times of the local mode; 1 on AWS. */
  readonly timeScale: number;
}

/** The cheapest image for what is left of a shard; its slot is taken and its worst case set aside before anything starts. */
export function makePickSpotPool(deps: PickSpotPoolDeps) {
  const { bucket, ledger, slots } = deps;
  const pools = listPools(deps.zones, deps.instanceTypes);

  async function workLeft(key: string, counted: number | null | undefined) {
    const { images } = parseShard((await bucket.read(key)) ?? '');
    const hashes = images.map((image) => image.hash);
    // Where all are missing nobody has to be asked which: a second look at a new shard costs as much as the first.
    const present = counted === images.length ? new Set() : await findExistingImages(bucket, hashes);
    const missing = images.filter((image) => !present.has(image.hash));
    // All there by now (another worker finished them): any image will do for the quote, the worker will find nothing.
    return describeWork((missing.length ? missing : images).map((image) => image.recipe));
  }

  /** The best pool whose quota has a slot for the attempt. */
  async function pickWithSlot(request: PickRequest): Promise<{ pick: Pick; goneAt: number }> {
    const { jobId } = request.job;
    let outlook = withoutSlots(request.outlook);
    for (const full: string[] = []; ; ) {
      const pick = pickPool({ ...request, outlook }, pools);
      const wanted = toSlotRequest(pick, jobId, outlook, deps.clock.now());
      const answer = wanted && (await slots.take(wanted));
      if (!answer || answer.answer === 'taken') {
        await Promise.all(full.map((code) => slots.leave(code, pick.jobName)));
        const reused = answer?.reused;
        // Given back, an instance that idles goes on idling.
        const goneAt = deps.clock.now() + (reused?.idleSecondsPaid ?? 0) * 1000;
        return { pick: onTakenSlot(pick, reused, deps.timeScale), goneAt };
      }
      full.push(answer.code);
      outlook = markFull(outlook, answer);
    }
  }

  async function reserve(pick: Pick, { job, shard, attempt }: PickRequest): Promise<void> {
    const { jobName, queue, worstUsd, pool, usdPerHour, onDemandUsdPerHour } = pick;
    const { bootSeconds, idleSeconds, hostSeconds, note } = pick;
    const around = { bootSeconds, idleSeconds, hostSeconds, note };
    const priced = { shard, attempt, pool, usdPerHour, onDemandUsdPerHour, ...around };
    const { jobId, maxUsd } = job;
    if (await ledger.reserve({ jobId, jobName, queue, usd: worstUsd, attempt: priced }, maxUsd)) return;
    throw new BudgetExceeded(
      `The next attempt may cost up to $${worstUsd.toFixed(4)} in ${pool}, which does not fit what is left of ` +
        `\`maxUsd\` $${maxUsd}: other shards were faster. To fix: raise \`maxUsd\`, or send the requeue file later.`,
    );
  }

  return async (event: unknown): Promise<Pick> => {
    const { job, shard, key, missing, attempt, tried, instanceType, pilot, shards, concurrency } =
      eventSchema.parse(event);
    const jobName = attemptName(job.jobId, shard, attempt);
    const [work, outlook, leftUsd] = await Promise.all([
      workLeft(key, missing),
      deps.readOutlook(deps.instanceTypes),
      ledger.left(job.jobId, jobName, job.maxUsd),
    ]);
    if (!work) throw new TypeError(`Expected shard ${shard} to hold images of a known model`);
    const request: PickRequest = {
      job,
      shard,
      attempt,
      work,
      tried,
      instanceType: instanceType || undefined,
      pilotType: attempt === 1 ? pilot : undefined,
      outlook,
      leftUsd,
      roundsAfter: Math.floor((shards - 1 - shard) / concurrency),
      now: deps.clock.now(),
    };
    const { pick, goneAt } = await pickWithSlot(request);
    try {
      await reserve(pick, request);
    } catch (error) {
      await slots.free(pick.jobName, goneAt);
      throw error;
    }
    return pick;
  };
}
