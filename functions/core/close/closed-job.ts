import type { Receipt } from '../receipt/receipt.ts';
import { type NotificationFacts, toAttribute, toNotification } from '../tell/notification.ts';
import type { ReportLink } from '../tell/open-door.ts';
import { type ClosedJob, longestCause } from './closing.ts';

/** What is told of an end beside its receipt. */
export interface Ending extends NotificationFacts {
  readonly bucket: string;
  readonly report: ReportLink;
  readonly notify: string;
  readonly closedNow: boolean;
}

/** What the states after Close job see. */
export function toClosedJob(receipt: Receipt, { bucket, notify, closedNow, ...facts }: Ending): ClosedJob {
  const { jobId, status, images, delivered, reused, blocked, failed, usd, usdPerImage, savingPercent, failure } =
    receipt;
  return {
    jobId,
    status,
    images,
    delivered,
    reused,
    blocked,
    failed,
    usd,
    usdPerImage,
    savingPercent,
    report: facts.report.url,
    notify: toAttribute(notify, 'all'),
    error: toAttribute(failure?.error, 'none'),
    ...toNotification(receipt, bucket, facts),
    closedNow,
    partOf: receipt.partOf,
    failure: failure && { error: failure.error, cause: failure.cause.slice(0, longestCause) },
  };
}

/** What a log line says of a closed job: its images and their cost once, and those of a part with its whole job. */
export function toCounts({ status, closedNow, partOf, ...closed }: ClosedJob) {
  if (!closedNow || partOf !== undefined) return { status };
  const { images, delivered, reused, failed, usd, usdPerImage } = closed;
  return { status, images, delivered, reused, failed, usd, usdPerImage };
}
