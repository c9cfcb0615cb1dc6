import { reportKey } from './gallery.ts';
import { jobKey } from './keys.ts';
import type { ReportLink } from './open-door.ts';
import { describeReused, type Receipt } from './receipt.ts';
import { describeAttempt } from './settlement.ts';

export interface Notification {
  readonly subject: string;
  readonly message: string;
}

/** SNS subjects are ASCII, one line, under 100 characters. */
const toSubject = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 99);
const usd = (amount: number) => `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;

export const toBucketLink = (bucket: string, jobId: string): ReportLink => ({
  url: `s3://${bucket}/${reportKey(jobId)}`,
});

/** One message per job, readable on a phone. */
export function toNotification(
  receipt: Receipt,
  bucket: string,
  { report = toBucketLink(bucket, receipt.jobId) }: { readonly report?: ReportLink } = {},
): Notification {
  const { jobId, failure } = receipt;
  const blocked = receipt.blocked ? `, ${receipt.blocked} blocked by the safety policy` : '';
  const count = `${receipt.delivered} of ${receipt.images} images`;
  const outcome = failure ? `failed: ${failure.error}, ${count}` : `${count} delivered${blocked}`;
  const lines = [
    `Job ${jobId} ${failure ? 'failed' : 'is done'}: ${count} delivered${blocked}.${receipt.reused ? ` ${describeReused(receipt)}.` : ''}`,
    `${receipt.simulated ? 'Simulated cost' : 'Cost'} ${usd(receipt.usd)} (${usd(receipt.usdPerImage)} an image); on demand ${usd(receipt.onDemandUsd)}; saved ${receipt.savingPercent} %.`,
    `Attempts: ${receipt.attempts.length}${receipt.attempts
      .slice(-20)
      .map((attempt) => [`\n  ${attempt.pool}: ${attempt.outcome}`, describeAttempt(attempt).slice(0, 100)])
      .map((words) => words.filter(Boolean).join(', '))
      .join('')}`,
    ...(failure ? [`${failure.error}: ${failure.cause.slice(0, 3000)}`] : []),
    ...(receipt.failed ? [`Left to do: s3://${bucket}/${jobKey(jobId, 'requeue.jsonl')}`] : []),
    `Report${report.days ? ` (the link opens for ${report.days} days, for everyone who has it)` : ''}: ${report.url}`,
  ];
  return { subject: toSubject(`[spot-diffusion] ${jobId} ${outcome}`), message: lines.join('\n').slice(0, 8000) };
}
