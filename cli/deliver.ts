import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { jobKey } from '../functions/core/keys.ts';
import { type ManifestLine, toJsonLines } from '../functions/core/manifest.ts';
import type { Bucket } from '../functions/core/ports.ts';
import type { Receipt } from '../functions/core/receipt.ts';
import { renderReport } from '../functions/core/report-page.ts';

export interface Delivery {
  /** Absolute. */
  readonly outDir: string;
  readonly receipt: Receipt;
  readonly images: readonly { readonly line: ManifestLine; readonly file: string }[];
}

/** `images/0001-1a2b3c4d5e6f.png`: a number for people and the start of the hash; nothing of the prompt. */
const fileName = (index: number, hash: string) =>
  `images/${String(index + 1).padStart(4, '0')}-${hash.slice(0, 12)}.png`;

/** The receipt, which Clean up job writes some moments after an execution was stopped. */
async function readReceipt(bucket: Bucket, jobId: string, looks: number): Promise<string | undefined> {
  for (let look = 1; ; look++) {
    const text = await bucket.read(jobKey(jobId, 'receipt.json'));
    if (text !== undefined || look >= looks) return text;
    await sleep(250);
  }
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
  const receiptText = await readReceipt(bucket, jobId, looks);
  if (receiptText === undefined) return undefined;
  const receipt: Receipt = JSON.parse(receiptText);
  const text = (await bucket.read(jobKey(jobId, 'manifest.jsonl'))) ?? '';
  const manifest: ManifestLine[] = text
    .split('\n')
    .filter(Boolean)
    .map((row) => JSON.parse(row));
  const folder = resolve(outDir);
  await mkdir(join(folder, 'images'), { recursive: true });
  const files = new Map(manifest.map((line, index) => [line.hash, fileName(index, line.hash)]));
  const fileOf = (line: ManifestLine) => files.get(line.hash) ?? line.hash;
  const delivered = manifest.filter((line) => line.status === 'delivered');
  await pMap(
    delivered,
    async (line) => writeFile(join(folder, fileOf(line)), (await bucket.readBytes(line.key)) ?? ''),
    { concurrency: 16 },
  );
  await writeFile(join(folder, 'receipt.json'), `${JSON.stringify(receipt, null, 2)}\n`);
  await writeFile(join(folder, 'manifest.jsonl'), toJsonLines(manifest));
  await writeFile(join(folder, 'report.html'), renderReport(receipt, manifest, fileOf));
  for (const name of ['contact-sheet.webp', 'requeue.jsonl']) {
    const body = await bucket.readBytes(jobKey(jobId, name));
    if (body) await writeFile(join(folder, name), body);
  }
  return { outDir: folder, receipt, images: delivered.map((line) => ({ line, file: join(folder, fileOf(line)) })) };
}
