import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pMap from 'p-map';
import { readAttempts } from '../../functions/core/close/read-job.ts';
import { parsePriceCurves } from '../../functions/core/pick/price-curve.ts';
import type { ManifestLine } from '../../functions/core/receipt/manifest.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import { folderName } from '../../functions/core/report/files.ts';
import { renderPartsReport } from '../../functions/core/report/parts-page.ts';
import { renderReport } from '../../functions/core/report/report-page.ts';
import type { ReportDetails } from '../../functions/core/report/to-page-data.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { jobKey, pricesKey, thumbnailKey } from '../../functions/core/storage/keys.ts';
import { awaitReceipt } from '../target/await-receipt.ts';

export interface Delivery {
  /** Absolute. */
  readonly outDir: string;
  readonly receipt: Receipt;
  readonly images: readonly { readonly line: ManifestLine; readonly file: string }[];
}

async function copyFiles(
  bucket: Bucket,
  jobId: string,
  { folder, names }: { readonly folder: string; readonly names: readonly string[] },
): Promise<void> {
  for (const name of names) {
    const body = await bucket.readBytes(jobKey(jobId, name));
    if (body) await writeFile(join(folder, name), body);
  }
}

/** Each part in a folder of its own, and a page that links them. */
async function deliverParts(bucket: Bucket, receipt: Receipt, folder: string): Promise<Delivery> {
  await mkdir(folder, { recursive: true });
  const parts: Delivery[] = [];
  for (const { jobId } of receipt.parts ?? []) {
    const part = await deliver(bucket, jobId, { outDir: join(folder, jobId), looks: 1 });
    if (part) parts.push(part);
  }
  await writeFile(join(folder, 'receipt.json'), `${JSON.stringify(receipt, null, 2)}\n`);
  await writeFile(join(folder, 'report.html'), renderPartsReport(receipt, 'folder'));
  await copyFiles(bucket, receipt.jobId, { folder, names: ['requeue.jsonl'] });
  return { outDir: folder, receipt, images: parts.flatMap(({ images }) => images) };
}

/**
 * Brings a closed job from the bucket to `outDir`; undefined for a job that has no receipt.
 * @param looks how often to look for the receipt, four times a second
 */
export async function deliver(
  bucket: Bucket,
  jobId: string,
  { outDir, looks }: { readonly outDir: string; readonly looks: number },
): Promise<Delivery | undefined> {
  const receipt = await awaitReceipt(bucket, jobId, looks);
  if (!receipt) return undefined;
  if (receipt.parts) return deliverParts(bucket, receipt, resolve(outDir));
  const text = (await bucket.read(jobKey(jobId, 'manifest.jsonl'))) ?? '';
  const manifest: ManifestLine[] = text
    .split('\n')
    .filter(Boolean)
    .map((row) => JSON.parse(row));
  const folder = resolve(outDir);
  await Promise.all(['images', 'thumbnails'].map((name) => mkdir(join(folder, name), { recursive: true })));
  const names = new Map(manifest.map((line, index) => [line.hash, folderName(index, line.hash)]));
  const fileOf = ({ hash }: ManifestLine) => join(folder, `images/${names.get(hash) ?? hash}.png`);
  const delivered = manifest.filter((line) => line.status === 'delivered');
  await pMap(
    delivered,
    async (line) => {
      await writeFile(fileOf(line), (await bucket.readBytes(line.key)) ?? '');
      const thumbnail = await bucket.readBytes(thumbnailKey(line.hash, 256));
      if (thumbnail) await writeFile(join(folder, `thumbnails/${names.get(line.hash)}.webp`), thumbnail);
    },
    { concurrency: 16 },
  );
  await writeFile(join(folder, 'receipt.json'), `${JSON.stringify(receipt, null, 2)}\n`);
  await writeFile(join(folder, 'manifest.jsonl'), toJsonLines(manifest));
  const prices = parsePriceCurves(await bucket.read(pricesKey(jobId)));
  const details: ReportDetails = { layout: 'folder', prices, ...(await readAttempts(bucket, jobId)) };
  await writeFile(join(folder, 'report.html'), renderReport(receipt, manifest, details));
  await copyFiles(bucket, jobId, { folder, names: ['contact-sheet.webp', 'requeue.jsonl'] });
  return { outDir: folder, receipt, images: delivered.map((line) => ({ line, file: fileOf(line) })) };
}
