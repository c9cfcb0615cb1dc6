import pMap from 'p-map';
import type { Clock } from './core/clock.ts';
import { toClosedJob } from './core/close/closed-job.ts';
import { type ClosedJob, closeRequestSchema } from './core/close/closing.ts';
import { type Attempts, readJob, readJobFile, readReceipt } from './core/close/read-job.ts';
import { closeParts } from './core/parts/close-parts.ts';
import { parsePriceCurves } from './core/pick/price-curve.ts';
import type { Pictures } from './core/pictures.ts';
import { type JobFacts, type ManifestLine, toManifest, toRequeue } from './core/receipt/manifest.ts';
import { type CloseFacts, type Receipt, toReceipt } from './core/receipt/receipt.ts';
import { renderReport } from './core/report/report-page.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { toJsonLines } from './core/storage/json-lines.ts';
import { jobKey, pricesKey, receiptKey, requeueKey, thumbnailKey } from './core/storage/keys.ts';
import { toBucketLink } from './core/tell/notification.ts';
import type { ReportLink } from './core/tell/open-door.ts';

export interface CloseJobDeps {
  readonly bucket: Bucket;
  readonly pictures: Pictures;
  readonly clock: Clock;
  /** The local mode: no instance was paid for. */
  readonly simulated?: boolean;
  /** A link for people without credentials; absent where the gallery door is off. */
  readonly openDoor?: (jobId: string) => Promise<ReportLink>;
}

type ClosingFacts = Omit<CloseFacts, 'records' | 'unrecorded'> & { readonly redriveCount: number };

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

  /** Of a job that its own execution rendered. */
  async function close(facts: ClosingFacts, makeDoor: () => Promise<void>) {
    const { jobId, redriveCount } = facts;
    const job = await readJob(bucket, jobId);
    const manifest = toManifest(job);
    const { records, unrecorded, pauses } = job;
    const receipt = toReceipt(manifest, job.settlements, { ...facts, records, unrecorded });
    const closed = await readReceipt(bucket, jobId);
    const stands = closed !== undefined && (closed.redriveCount ?? 0) >= redriveCount;
    if (!stands) await writeFiles(receipt, manifest, job);
    // Before the receipt: where this fails the job is still open, and Clean up job closes it and says so.
    await makeDoor();
    // Last, and once: two ends may race for the same job.
    const closedNow = !stands && (await writeReceipt(receipt, closed));
    return { receipt: closedNow ? receipt : await readStanding(job, receipt), closedNow, pauses };
  }

  return async (event: unknown): Promise<ClosedJob> => {
    const { notify, execution, unreadable, plannedUsd, ...request } = closeRequestSchema.parse(event);
    const { jobId } = request;
    const job = await readJobFile(bucket, jobId);
    let report = toBucketLink(bucket.name, jobId);
    const makeDoor = async () => {
      report = (await openDoor?.(jobId)) ?? report;
    };
    const closedAt = new Date(clock.now()).toISOString();
    const partOf = request.partOf ?? job?.partOf;
    const schedule = request.schedule ?? job?.schedule;
    const facts = { ...request, partOf, schedule, closedAt, plannedUsd: plannedUsd ?? undefined, simulated };
    const end = job?.parts ? await closeParts(bucket, job, { ...facts, makeDoor }) : await close(facts, makeDoor);
    const { receipt, ...ending } = end;
    return toClosedJob(receipt, {
      ...ending,
      bucket: bucket.name,
      report,
      notify: notify ?? job?.notify ?? 'all',
      unreadable: unreadable ?? [],
      // The console of AWS knows no execution of this machine.
      execution: simulated ? undefined : (execution ?? undefined),
    });
  };
}
