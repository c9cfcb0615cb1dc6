import pMap from 'p-map';
import { type AttemptRecord, parseAttemptRecord } from './core/attempt-record.ts';
import { type ClosedJob, closeRequestSchema, longestCause } from './core/closing.ts';
import { findExistingImages } from './core/existing-images.ts';
import { jobKey, thumbnailKey } from './core/keys.ts';
import { type ManifestLine, toJsonLines, toManifest, toRequeue } from './core/manifest.ts';
import { toBucketLink, toNotification } from './core/notification.ts';
import type { ReportLink } from './core/open-door.ts';
import type { Bucket, Clock, Pictures } from './core/ports.ts';
import { type Receipt, toReceipt } from './core/receipt.ts';
import { readRecipes } from './core/recipes-file.ts';
import { renderReport } from './core/report-page.ts';
import type { Settlement } from './core/settlement.ts';

export interface CloseJobDeps {
  readonly bucket: Bucket;
  readonly pictures: Pictures;
  readonly clock: Clock;
  /** The local mode: no instance was paid for. */
  readonly simulated?: boolean;
  /** A link for people without credentials; absent where the gallery door is off. */
  readonly openDoor?: (jobId: string) => Promise<ReportLink>;
}

interface Attempts {
  readonly records: readonly AttemptRecord[];
  readonly settlements: readonly Settlement[];
}

/** The worker's records and our settlements. A record that is no record is a loss of detail, not of the job. */
async function readAttempts(bucket: Bucket, jobId: string): Promise<Attempts> {
  // What a worker said on its way is no record of its end.
  const keys = (await bucket.list(jobKey(jobId, 'attempts/')))
    .filter((key) => !key.endsWith('.progress.json'))
    .toSorted();
  const files = await pMap(keys, async (key) => ({ key, text: (await bucket.read(key)) ?? 'null' }), {
    concurrency: 16,
  });
  const ofUs = files.filter(({ key }) => key.endsWith('.settled.json'));
  const ofWorkers = files.filter(({ key }) => !key.endsWith('.settled.json'));
  return {
    settlements: ofUs.map(({ text }): Settlement => JSON.parse(text)),
    records: ofWorkers.flatMap(({ text }) => {
      return parseAttemptRecord(text) ?? [];
    }),
  };
}

interface Ending {
  readonly bucket: string;
  readonly report: ReportLink;
  readonly notify: string;
  readonly closedNow: boolean;
}

function toClosedJob(receipt: Receipt, { bucket, report, notify, closedNow }: Ending): ClosedJob {
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
    report: report.url,
    notify,
    ...toNotification(receipt, bucket, { report }),
    closedNow,
    failure: failure && { error: failure.error, cause: failure.cause.slice(0, longestCause) },
  };
}

/** Reconciles expected = delivered + blocked + failed and writes what remains of a job. Idempotent: the receipt is written once. */
export function makeCloseJob({ bucket, pictures, clock, simulated, openDoor }: CloseJobDeps) {
  async function writeContactSheet(jobId: string, manifest: readonly ManifestLine[]): Promise<void> {
    const shown = manifest.filter((line) => line.status === 'delivered').slice(0, 100);
    const read = await pMap(shown, (line) => bucket.readBytes(thumbnailKey(line.hash, 256)), { concurrency: 16 });
    const thumbnails = read.flatMap((thumbnail) => thumbnail ?? []);
    if (thumbnails.length) {
      await bucket.write(jobKey(jobId, 'contact-sheet.webp'), await pictures.contactSheet(thumbnails));
    }
  }

  async function writeFiles(receipt: Receipt, manifest: readonly ManifestLine[]): Promise<void> {
    const { jobId } = receipt;
    await bucket.write(jobKey(jobId, 'manifest.jsonl'), toJsonLines(manifest));
    await bucket.write(
      jobKey(jobId, 'report.html'),
      renderReport(receipt, manifest, (line) => `../../${line.key}`),
    );
    const left = toRequeue(manifest);
    if (left.length) await bucket.write(jobKey(jobId, 'requeue.jsonl'), toJsonLines(left));
    await writeContactSheet(jobId, manifest);
  }

  return async (event: unknown): Promise<ClosedJob> => {
    const { jobId, startedAt, plannedUsd, notify, failures } = closeRequestSchema.parse(event);
    const images = await readRecipes(bucket, jobId);
    const present = await findExistingImages(
      bucket,
      images.map((image) => image.hash),
    );
    const attempts = await readAttempts(bucket, jobId);
    const manifest = toManifest({ images, present, ...attempts });
    const receipt = toReceipt(manifest, attempts.settlements, {
      jobId,
      startedAt,
      closedAt: new Date(clock.now()).toISOString(),
      plannedUsd: plannedUsd ?? undefined,
      simulated,
      failures,
    });
    const key = jobKey(jobId, 'receipt.json');
    const closed = await bucket.exists(key);
    if (!closed) await writeFiles(receipt, manifest);
    // Before the receipt: where this fails the job is still open, and Clean up job closes it and says so.
    const report = (await openDoor?.(jobId)) ?? toBucketLink(bucket.name, jobId);
    // Last, and once: two ends may race for the same job.
    const closedNow = !closed && (await bucket.writeOnce(key, JSON.stringify(receipt)));
    return toClosedJob(receipt, { bucket: bucket.name, report, notify: notify ?? 'all', closedNow });
  };
}
