import type { Scheduled } from '../input/scheduled.ts';
import type { AttemptRecord } from '../settle/attempt-record.ts';
import type { Settlement } from '../settle/settlement.ts';
import { roundUsd } from '../usd.ts';
import type { JobFacts, ManifestLine } from './manifest.ts';
import { type LostTotals, type ReceiptLine, toLostTotals, toReceiptLines } from './receipt-line.ts';

/** What the plan expected the job to cost on AWS, USD. */
export interface PlannedCost {
  readonly p50: number;
  readonly p90: number;
  readonly onDemand: number;
}

/** Error name and a cause that a person can act on. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** What became of one part of a job. */
export interface PartLine {
  readonly jobId: string;
  /** `not closed`: it was not started, or its end is not known. */
  readonly status: Receipt['status'] | 'not closed';
  readonly images: number;
  readonly delivered: number;
  readonly usd: number;
}

export interface Receipt {
  readonly version: 1;
  readonly jobId: string;
  readonly status: 'delivered' | 'failed';
  readonly startedAt: string;
  readonly closedAt: string;
  readonly images: number;
  readonly delivered: number;
  readonly reused: number;
  /** Kept back by the job's own safety policy. */
  readonly blocked: number;
  readonly failed: number;
  readonly usd: number;
  readonly usdPerImage: number;
  /** The same seconds at the on-demand price. */
  readonly onDemandUsd: number;
  /** Negative: dearer than on demand. Absent: written by an older version. */
  readonly savingUsd?: number;
  readonly savingPercent: number;
  readonly plannedUsd?: PlannedCost;
  /** Their costs add up to `usd`; empty where the job is rendered in parts. */
  readonly attempts: readonly ReceiptLine[];
  /** Absent: written by an older version. */
  readonly lost?: LostTotals;
  /** Rendered by the local mode: what it would have cost; nothing was paid. */
  readonly simulated?: boolean;
  readonly failure?: Failure;
  /** Absent: it was not redriven. */
  readonly redriveCount?: number;
  /** The job whose part it is: its cost is in that job's receipt, too. */
  readonly partOf?: string;
  /** Of a job in parts: their costs add up to `usd`, their receipts hold the attempts. */
  readonly parts?: readonly PartLine[];
  /** The schedule that started it, and for when; absent: somebody did. */
  readonly schedule?: Scheduled;
}

/** `3 of 5 images were there already: $0`, in every place that says it. */
export const describeReused = ({ reused, images }: Pick<Receipt, 'reused' | 'images'>) =>
  `${reused} of ${images} image${images === 1 ? '' : 's'} ${reused === 1 ? 'was' : 'were'} there already: $0`;

/** What the money bought, as both kinds of receipt say it. */
export const toSums = ({ usd, onDemandUsd, rendered }: Record<'usd' | 'onDemandUsd' | 'rendered', number>) => ({
  usd: roundUsd(usd),
  usdPerImage: rendered > 0 ? roundUsd(usd / rendered) : 0,
  onDemandUsd: roundUsd(onDemandUsd),
  savingUsd: roundUsd(onDemandUsd - usd),
  savingPercent: onDemandUsd > 0 ? Math.round((1 - usd / onDemandUsd) * 100) : 0,
});

/** The job's own failure, or that of the first shard; a job with a missing image never counts as delivered, unless its own policy blocked it. */
export function whatFailed(failures: readonly Failure[], missing: number, images: number): Failure | undefined {
  const first = failures[0];
  if (first) return first;
  if (!missing) return undefined;
  return {
    error: 'GenerationFailed',
    cause: `${missing} of ${images} images are missing. The requeue file lists them.`,
  };
}

/** What a receipt says beside what the bucket knows. */
export interface CloseFacts {
  readonly jobId: string;
  readonly startedAt: string;
  readonly closedAt: string;
  readonly plannedUsd?: PlannedCost;
  readonly simulated?: boolean;
  readonly failures: readonly Failure[];
  readonly redriveCount?: number;
  readonly schedule?: Scheduled;
  readonly partOf?: string;
  readonly records?: readonly AttemptRecord[];
  readonly unrecorded?: JobFacts['unrecorded'];
}

export function toReceipt(
  manifest: readonly ManifestLine[],
  settlements: readonly Settlement[],
  facts: CloseFacts,
): Receipt {
  const delivered = manifest.filter((line) => line.status === 'delivered');
  const reused = delivered.filter((line) => line.reused).length;
  const blocked = manifest.filter((line) => line.status === 'blocked').length;
  const missing = manifest.length - delivered.length - blocked;
  const usd = settlements.reduce((sum, settlement) => sum + settlement.usd, 0);
  const onDemandUsd = settlements.reduce((sum, settlement) => sum + settlement.onDemandUsd, 0);
  const { records = [], unrecorded = new Map() } = facts;
  const attempts = toReceiptLines(settlements, { records, unrecorded, usd });
  const failure = whatFailed(missing || !manifest.length ? facts.failures : [], missing, manifest.length);
  return {
    version: 1,
    jobId: facts.jobId,
    status: failure ? 'failed' : 'delivered',
    startedAt: facts.startedAt,
    closedAt: facts.closedAt,
    images: manifest.length,
    delivered: delivered.length,
    reused,
    blocked,
    failed: missing,
    ...toSums({ usd, onDemandUsd, rendered: delivered.length - reused }),
    plannedUsd: facts.plannedUsd,
    attempts,
    lost: toLostTotals(attempts),
    simulated: facts.simulated,
    failure,
    partOf: facts.partOf,
    schedule: facts.schedule,
    ...(facts.redriveCount ? { redriveCount: facts.redriveCount } : {}),
  };
}
