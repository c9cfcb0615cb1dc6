import pMap from 'p-map';
import { type ClosedJob, closeRequestSchema, longestCause } from './core/closing.ts';
import { jobSchema } from './core/job-schema.ts';
import { jobFileKey, jobKey, pricesKey, receiptKey, requeueKey, thumbnailKey } from './core/keys.ts';
import { type JobFacts, type ManifestLine, toJsonLines, toManifest, toRequeue } from './core/manifest.ts';
import { type NotificationFacts, toAttribute, toBucketLink, toNotification } from './core/notification.ts';
import type { ReportLink } from './core/open-door.ts';
import type { Bucket, Clock, Pictures } from './core/ports.ts';
import { parsePriceCurves } from './core/price-curve.ts';
import { type Attempts, readJob, readReceipt } from './core/read-job.ts';
import { type Receipt, toReceipt } from './core/receipt.ts';
import { renderReport } from './core/report-page.ts';

export interface CloseJobDeps {
  readonly bucket: Bucket;
  readonly pictures: Pictures;
  readonly clock: Clock;
  /** The local mode: no instance was paid for. */
  readonly simulated?: boolean;
  /** A link for people without credentials; absent where the gallery door is off. */
  readonly openDoor?: (jobId: string) => Promise<ReportLink>;
}

interface Ending extends NotificationFacts {
  readonly bucket: string;
  readonly report: ReportLink;
  readonly notify: string;
  readonly closedNow: boolean;
}

function toClosedJob(receipt: Receipt, { bucket, notify, closedNow, ...facts }: Ending): ClosedJob {
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
    failure: failure && { error: failure.error, cause: failure.cause.slice(0, longestCause) },
  };
}

/** An end that the machine can't catch knows nothing of the job but its name. */
async function readNotify(bucket: Bucket, jobId: string): Promise<string> {
  return jobSchema.safeParse(JSON.parse((await bucket.read(jobFileKey(jobId))) ?? 'null')).data?.notify ?? 'all';
}

/**
 * Reconciles expected = delivered + blocked + failed and writes what remains of a job. Idempotent: the receipt is written once.
 * It is written again in two cases: the execution was redriven since, which makes an end of its own; and Clean up job settled
 * an attempt that the receipt does not know, which changes the sums and tells nobody.
 */
export function makeCloseJob({ bucket, pictures, clock, simulated, openDoor }: CloseJobDeps) {
  async function writeContactSheet(jobId: string, manifest: readonly ManifestLine[]): Promise<void> {
    const shown = manifest.filter((line) => line.status === 'delivered').slice(0, 100);
    const read = await pMap(shown, (line) => bucket.readBytes(thumbnailKey(line.hash, 256)), { concurrency: 16 });
    const thumbnails = read.flatMap((thumbnail) => thumbnail ?? []);
    if (thumbnails.length) {
      await bucket.write(jobKey(jobId, 'contact-sheet.webp'), await pictures.contactSheet(thumbnails));
    }
  }

  async function writeFiles(receipt: Receipt, manifest: readonly ManifestLine[], attempts: Attempts): Promise<void> {
    const { jobId } = receipt;
    await bucket.write(jobKey(jobId, 'manifest.jsonl'), toJsonLines(manifest));
    const prices = parsePriceCurves(await bucket.read(pricesKey(jobId)));
    const report = renderReport(receipt, manifest, { layout: 'bucket', prices, ...attempts });
    await bucket.write(jobKey(jobId, 'report.html'), report);
    const left = toRequeue(manifest);
    const requeue = requeueKey(jobId);
    // After a redrive what was left then may be there.
    if (left.length || (await bucket.exists(requeue))) await bucket.write(requeue, toJsonLines(left));
    await writeContactSheet(jobId, manifest);
  }

  /** False where the other end was first. */
  async function writeReceipt(receipt: Receipt, closed?: Receipt): Promise<boolean> {
    const [key, text] = [receiptKey(receipt.jobId), JSON.stringify(receipt)];
    if (!closed) return bucket.writeOnce(key, text);
    await bucket.write(key, text);
    return true;
  }

  /** What was said of the end stands; the attempts and the sums are those of now. */
  async function amend(closed: Receipt, job: JobFacts & Attempts): Promise<Receipt> {
    const { settlements, records, unrecorded } = job;
    const manifest = toManifest(job);
    const failures = closed.failure ? [closed.failure] : [];
    const receipt = toReceipt(manifest, settlements, { ...closed, records, unrecorded, failures });
    await writeFiles(receipt, manifest, job);
    await bucket.write(receiptKey(closed.jobId), JSON.stringify(receipt));
    return receipt;
  }

  /** What the end said that was first; an attempt that was settled since gets its line. */
  async function readStanding(job: JobFacts & Attempts, receipt: Receipt): Promise<Receipt> {
    const closed = (await readReceipt(bucket, receipt.jobId)) ?? receipt;
    return job.settlements.length > closed.attempts.length ? amend(closed, job) : closed;
  }

  return async (event: unknown): Promise<ClosedJob> => {
    const { plannedUsd, notify, execution, unreadable, ...request } = closeRequestSchema.parse(event);
    const { jobId, redriveCount } = request;
    const job = await readJob(bucket, jobId);
    const manifest = toManifest(job);
    const receipt = toReceipt(manifest, job.settlements, {
      ...request,
      closedAt: new Date(clock.now()).toISOString(),
      plannedUsd: plannedUsd ?? undefined,
      simulated,
      records: job.records,
      unrecorded: job.unrecorded,
    });
    const closed = await readReceipt(bucket, jobId);
    const stands = closed !== undefined && (closed.redriveCount ?? 0) >= redriveCount;
    if (!stands) await writeFiles(receipt, manifest, job);
    // Before the receipt: where this fails the job is still open, and Clean up job closes it and says so.
    const report = (await openDoor?.(jobId)) ?? toBucketLink(bucket.name, jobId);
    // Last, and once: two ends may race for the same job.
    const closedNow = !stands && (await writeReceipt(receipt, closed));
    const said = closedNow ? receipt : await readStanding(job, receipt);
    return toClosedJob(said, {
      bucket: bucket.name,
      report,
      notify: notify ?? (await readNotify(bucket, jobId)),
      closedNow,
      pauses: job.pauses,
      unreadable: unreadable ?? [],
      // The console of AWS knows no execution of this machine.
      execution: simulated ? undefined : (execution ?? undefined),
    });
  };
}
