import { createColors } from 'picocolors';
import { describeReused } from '../../functions/core/receipt/receipt.ts';
import type { EndStatus, PlanView } from '../follow/moments.ts';
import { count, money } from '../words/amounts.ts';
import { failureLines } from '../words/failure-lines.ts';
import type { Delivery } from './deliver.ts';

/** How a job ended, for a person and for a program. */
export interface JobResult {
  readonly jobId: string;
  readonly status: EndStatus;
  readonly error?: string;
  readonly cause?: string;
  readonly delivery?: Delivery;
  readonly plan?: PlanView;
}

/** Exit code 0 only if every image was delivered. */
export const isDelivered = (result: JobResult) =>
  result.status === 'SUCCEEDED' && (result.delivery ? result.delivery.receipt.failed === 0 : true);

/** The object of `--json`, as the README describes it. */
export function toJson(result: JobResult): unknown {
  const { jobId, status, error, cause, delivery, plan } = result;
  // Of a run the receipt says more.
  const planned = plan && !delivery ? { plan } : {};
  const images = (delivery?.images ?? []).map(({ line, file }) => ({
    file,
    prompt: line.prompt,
    seed: line.seed,
    width: line.width,
    height: line.height,
    recipeHash: line.hash,
    reused: line.reused,
  }));
  const attempts = (delivery?.receipt.attempts ?? []).map(({ pool, outcome, seconds }) => ({ pool, outcome, seconds }));
  const failure = error === undefined ? {} : { error: { name: error, cause: cause ?? '' } };
  return {
    jobId,
    status,
    images,
    attempts,
    receipt: delivery?.receipt ?? {},
    outDir: delivery?.outDir ?? null,
    ...planned,
    ...failure,
  };
}

function costLine({ receipt }: Delivery): string {
  const { plannedUsd, reused, images } = receipt;
  if (reused === images) return 'Nothing to pay.';
  if (!plannedUsd) return '';
  const saving = plannedUsd.onDemand > 0 ? Math.round((1 - plannedUsd.p50 / plannedUsd.onDemand) * 100) : 0;
  return `On AWS this job would have cost about ${money(plannedUsd.p50)} on Spot, ${money(plannedUsd.onDemand)} on demand (${saving} % less)${reused ? ', had nothing been there' : ''}.`;
}

/** How often something was taken away, where it was: the finished images stayed. */
function attemptLines({ receipt: { attempts } }: Delivery): readonly string[] {
  const losses = attempts.filter(({ outcome }) => outcome !== 'Succeeded');
  if (losses.length === 0) return [];
  return [`Attempts: ${attempts.map(({ pool, outcome }) => `${outcome} in ${pool}`).join(', ')}`];
}

/** @param flags of its place: what follows `resume JOB` */
export function resultLines(result: JobResult, color: boolean, flags: string): readonly string[] {
  const colors = createColors(color);
  const { delivery, error, cause } = result;
  const failed = error === undefined ? [] : failureLines(error, cause ?? '').map((line) => colors.red(line));
  if (!delivery?.receipt.images) return failed;
  const { outDir, receipt } = delivery;
  return [
    ...failed,
    colors.bold(`${receipt.delivered} of ${count(receipt.images, 'image')}`),
    ...attemptLines(delivery),
    ...(receipt.reused ? [`${describeReused(receipt)}.`] : []),
    `Pictures: ${receipt.parts ? `${outDir}/<part>` : outDir}/images`,
    `Report:   ${outDir}/report.html`,
    ...(receipt.failed ? [`Left:     ${outDir}/requeue.jsonl; npm start -- resume ${receipt.jobId}${flags}`] : []),
    ...(receipt.delivered ? [costLine(delivery)] : []),
  ];
}
