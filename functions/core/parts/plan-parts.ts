import type { JobImage } from '../input/expand-prompts.ts';
import type { Job } from '../input/job.ts';
import { mapRange } from '../plan/plan-cost.ts';
import { type Plan, type PlanOptions, planJob } from '../plan/plan-job.ts';
import { roundUsd } from '../usd.ts';

/** `TimeoutSeconds` of the state machine. */
const longestSeconds = 604_800;

const sentence = (images: number, parts: number) =>
  `Planned by a sample of ${images} images: the job is rendered in ${parts} parts, one after another.`;
const tooLong = (days: number) =>
  `It takes about ${days} days, and an execution ends after 7. To fix: raise the quota, or split the prompts file.`;

/** Each part has its share of the time until the deadline. */
function shareOf({ readyBy, startedAt, parts = 1 }: Job): string | undefined {
  if (readyBy === undefined) return undefined;
  const start = Date.parse(startedAt);
  return new Date(start + (Date.parse(readyBy) - start) / parts).toISOString();
}

/**
 * The plan of a job in parts: a sample as large as a part is planned, cost and time are those of all parts one after
 * another. What nine of ten jobs stay below is reckoned as if all parts had the same luck: more than it takes.
 * @throws NoEligiblePool where a model of the job can't be rendered
 */
export function planParts(job: Job, sample: readonly JobImage[], options: PlanOptions): Plan {
  const { parts = 1, images } = job;
  const plan = planJob({ ...job, readyBy: shareOf(job) }, sample, options);
  const factor = images / sample.length;
  const readySeconds = mapRange(plan.readySeconds, (seconds) => Math.round(seconds * factor));
  const days = Math.ceil(readySeconds.p50 / 86_400);
  const allParts = (usd: number) => roundUsd(usd * factor);
  return {
    ...plan,
    parts,
    shards: [],
    pilots: [],
    costUsd: { ...mapRange(plan.costUsd, allParts), onDemand: allParts(plan.costUsd.onDemand) },
    readySeconds,
    gaps: [sentence(sample.length, parts), ...(readySeconds.p50 > longestSeconds ? [tooLong(days)] : []), ...plan.gaps],
  };
}
