import { roundUsd } from '../usd.ts';
import type { Receipt } from './receipt.ts';

/** What one job cost. */
export interface JobCost {
  readonly jobId: string;
  /** ISO time */
  readonly closedAt: string;
  readonly images: number;
  readonly delivered: number;
  readonly reused: number;
  readonly usd: number;
  readonly onDemandUsd: number;
  /** Of a schedule, by its name. */
  readonly schedule?: string;
  /** By the local mode: nothing was paid. */
  readonly simulated: boolean;
}

/** Jobs of one schedule, or of none, together. */
export interface CostSum {
  readonly jobs: number;
  readonly delivered: number;
  readonly reused: number;
  readonly usd: number;
  /** What the same seconds would have cost on demand. */
  readonly onDemandUsd: number;
  /** Of the images that were rendered; 0 where none was. */
  readonly usdPerImage: number;
}

export interface Costs {
  readonly jobs: readonly JobCost[];
  readonly schedules: Readonly<Record<string, CostSum>>;
  readonly total: CostSum;
}

function toJobCost({ jobId, closedAt, images, delivered, reused, usd, onDemandUsd, ...receipt }: Receipt): JobCost {
  const schedule = receipt.schedule?.name;
  return {
    ...{ jobId, closedAt, images, delivered, reused, usd, onDemandUsd, simulated: receipt.simulated === true },
    ...(schedule === undefined ? {} : { schedule }),
  };
}

function sum(jobs: readonly JobCost[]): CostSum {
  const of = (value: (job: JobCost) => number) => jobs.reduce((total, job) => total + value(job), 0);
  const [delivered, reused, usd] = [
    of((job) => job.delivered),
    of((job) => job.reused),
    roundUsd(of((job) => job.usd)),
  ];
  const rendered = delivered - reused;
  return {
    jobs: jobs.length,
    delivered,
    reused,
    usd,
    onDemandUsd: roundUsd(of((job) => job.onDemandUsd)),
    usdPerImage: rendered > 0 ? roundUsd(usd / rendered) : 0,
  };
}

/**
 * Jobs that closed in the month, the dearest first. A part of a job is in the receipt of the whole.
 * @param month `2026-11`, UTC
 */
export function sumCosts(receipts: readonly Receipt[], month: string): Costs {
  const own = receipts.filter(({ closedAt, partOf }) => closedAt.startsWith(month) && partOf === undefined);
  const jobs = own.map(toJobCost).toSorted((a, b) => b.usd - a.usd || (a.jobId < b.jobId ? -1 : 1));
  const bySchedule = Map.groupBy(
    jobs.filter(({ schedule }) => schedule !== undefined),
    ({ schedule }) => schedule ?? '',
  );
  const schedules = Object.fromEntries([...bySchedule].map(([name, of]) => [name, sum(of)]));
  return { jobs, schedules, total: sum(jobs) };
}
