import { unheard } from '../close/closing.ts';
import type { Job } from '../input/job.ts';
import { partKey, partName, partSizes } from '../input/parts.ts';
import type { Failure, Receipt } from '../receipt/receipt.ts';
import { budgetLeft, spentMicros } from '../settle/budget.ts';

/** How the child execution of a part ended, as the machine saw it; its receipt says more. */
export interface EndedPart {
  readonly part: number;
  readonly error?: string;
  readonly cause?: string;
}

export interface PartsSoFar {
  readonly job: Job;
  /** One for each part; undefined: it is not closed. */
  readonly receipts: readonly (Receipt | undefined)[];
  /** milliseconds since the epoch */
  readonly now: number;
  readonly bucket: string;
  /** `sameGpu`: of the whole job; empty: any. */
  readonly instanceType: string;
}

export interface NextPart {
  /** 0: none is left, or none may start. */
  readonly part: number;
  /** Of the child execution. */
  readonly name?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** Of the parts so far. */
  readonly failures: readonly Failure[];
}

/** Faults that the next part would meet as well. */
const ofTheJob = new Set([
  'InvalidPrompt',
  'InvalidJob',
  'BudgetExceeded',
  'NoEligiblePool',
  'WeightsUnavailable',
  'JobCanceled',
]);
const losses = new Set(['NoSpotCapacity', 'WorkerNeverStarted', 'SpotInterrupted', 'WorkerLost']);

/** Whether the parts after this one are not worth a try. A fault that struck some images of many is theirs alone. */
function endsJob({ failure, delivered, reused }: Receipt): boolean {
  if (!failure || losses.has(failure.error)) return false;
  return ofTheJob.has(failure.error) || delivered === reused;
}

const toFailures = ({ job: { jobId, parts }, receipts }: PartsSoFar): readonly Failure[] =>
  receipts.flatMap((receipt, index) => {
    if (!receipt?.failure) return [];
    const { error, cause } = receipt.failure;
    return [{ error, cause: `Part ${index + 1} of ${parts}, job ${partName(jobId, index + 1)}: ${cause}` }];
  });

/** Of the time until the job's deadline, the share of this part's images. A time that is over binds nobody: no part goes on demand for it. */
function toDeadline({ job, receipts, now }: PartsSoFar, index: number): string | undefined {
  const until = job.readyBy === undefined ? 0 : Date.parse(job.readyBy) - now;
  if (until <= 0) return undefined;
  const sizes = partSizes(job.images, receipts.length);
  const left = sizes.filter((_, at) => !receipts[at]).reduce((sum, size) => sum + size, 0);
  return new Date(now + (until * (sizes[index] ?? 0)) / left).toISOString();
}

/** An ordinary job; its parent tells of it. */
function toInput(facts: PartsSoFar, index: number, maxUsd: number | undefined): Readonly<Record<string, unknown>> {
  const { job, bucket, instanceType } = facts;
  const { jobId, maxUsdPerHour, onDemand, sameGpu } = job;
  const own = { maxUsd, maxUsdPerHour, readyBy: toDeadline(facts, index) };
  return {
    promptsFile: `s3://${bucket}/${partKey(jobId, index + 1)}`,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
    onDemand,
    sameGpu,
    notify: unheard,
    partOf: instanceType ? { jobId, instanceType } : { jobId },
  };
}

/** The part that comes next, within what is left of the job's limits. */
export function pickNextPart(facts: PartsSoFar): NextPart {
  const { job, receipts } = facts;
  const failures = toFailures(facts);
  const index = receipts.indexOf(undefined);
  if (index < 0 || receipts.some((receipt) => receipt && endsJob(receipt))) return { part: 0, failures };
  const spentUsd = receipts.reduce((sum, receipt) => sum + (receipt?.usd ?? 0), 0);
  const maxUsd = budgetLeft(spentMicros(spentUsd), job.maxUsd);
  if (maxUsd === 0) {
    const cause = `The parts so far cost $${spentUsd.toFixed(4)} of \`maxUsd\` $${job.maxUsd}: part ${index + 1} of ${receipts.length} was not started. To fix: raise \`maxUsd\` and resume the job.`;
    return { part: 0, failures: [...failures, { error: 'BudgetExceeded', cause }] };
  }
  const part = index + 1;
  return { part, name: partName(job.jobId, part), input: toInput(facts, index, maxUsd), failures };
}

/** Without a child there is nothing to wait for. */
export const wasNeverStarted = ({ error = '' }: EndedPart) =>
  error.startsWith('StepFunctions.') && !error.includes('ExecutionAlreadyExists');
