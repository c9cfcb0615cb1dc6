import { describe, expect, it } from 'vitest';
import { closeParts } from '../../../../functions/core/parts/close-parts.ts';
import type { CloseFacts, Receipt } from '../../../../functions/core/receipt/receipt.ts';
import { type FakeBucket, makeFakeBucket } from '../../../fakes/bucket.ts';
import { aJob, aReceipt, startedAt } from '../../../fakes/builders.ts';

const job = aJob({ images: 6, parts: 3 });
const closedAt = '2026-11-24T06:00:00.000Z';
const done = aReceipt({ images: 2, delivered: 2, usd: 0.1 });
const half = aReceipt({ images: 2, delivered: 1, failed: 1, status: 'failed', usd: 0.1 });
const requeue = 'jobs/job-1/requeue.jsonl';
const report = 'jobs/job-1/report.html';

interface Setting {
  readonly receipts: readonly (Receipt | undefined)[];
  readonly files?: Readonly<Record<string, string>>;
  readonly facts?: Partial<CloseFacts>;
  readonly bucket?: FakeBucket;
}

function aBucketOf({ receipts, files = {} }: Setting) {
  const parts = receipts.flatMap((receipt, index) => [
    [`jobs/job-1/parts/00${index + 1}.jsonl`, `all of ${index + 1}\n`],
    ...(receipt ? [[`jobs/job-1-p00${index + 1}/receipt.json`, JSON.stringify(receipt)]] : []),
    ...(receipt?.failed ? [[`jobs/job-1-p00${index + 1}/requeue.jsonl`, `left of ${index + 1}\n`]] : []),
  ]);
  return makeFakeBucket({ ...Object.fromEntries(parts), ...files });
}

async function close(setting: Setting, makeDoor = async () => {}) {
  const bucket = setting.bucket ?? aBucketOf(setting);
  const facts = { jobId: 'job-1', startedAt, closedAt, failures: [], ...setting.facts, makeDoor };
  const closed = await closeParts(bucket, job, facts);
  return { bucket, ...closed, kept: JSON.parse((await bucket.read('jobs/job-1/receipt.json')) ?? 'null') };
}

const closedBefore = (over: Partial<Receipt> = {}) => ({
  'jobs/job-1/receipt.json': JSON.stringify(
    aReceipt({ images: 6, delivered: 6, usd: 0.3, closedAt: startedAt, attempts: [], ...over }),
  ),
});

describe('closing a job in parts', () => {
  it('joins what is left: the requeue file of a part that failed, all of one that came to no end', async () => {
    const refused = aReceipt({ images: 0, delivered: 0, status: 'failed' });
    const { bucket, closedNow, kept } = await close({ receipts: [half, refused, undefined] });
    expect(await bucket.read(requeue)).toBe('left of 1\nall of 2\nall of 3\n');
    expect(await bucket.read(report)).toContain('job-1-p003');
    expect(closedNow).toBe(true);
    expect(kept).toMatchObject({ closedAt, delivered: 1, failed: 5 });
  });

  it('writes no requeue file where nothing is left, and empties one that was there', async () => {
    const { bucket } = await close({ receipts: [done, done, done] });
    expect(await bucket.exists(requeue)).toBe(false);
    const again = await close({ receipts: [done, done, done], files: { [requeue]: 'left of 1\n' } });
    expect(await again.bucket.read(requeue)).toBe('');
  });

  it('writes none that would not fit a function', async () => {
    const bucket = aBucketOf({ receipts: [half, half, half] });
    const large = new Uint8Array(5e8);
    const { closedNow } = await close({ receipts: [], bucket: { ...bucket, readBytes: async () => large } });
    expect(closedNow).toBe(true);
    expect(bucket.keys()).toContain(report);
    expect(bucket.keys()).not.toContain(requeue);
  });

  it('keeps the length that it counted, whatever a file does meanwhile', async () => {
    const bucket = aBucketOf({ receipts: [half, half, half] });
    let reads = 0;
    const grown = async () => new TextEncoder().encode(++reads > 3 ? 'longer' : 'four');
    await close({ receipts: [], bucket: { ...bucket, readBytes: grown } });
    expect(await bucket.read(requeue)).toBe('longerlonger');
    const gone = aBucketOf({ receipts: [half, half, half] });
    await close({ receipts: [], bucket: { ...gone, readBytes: async () => undefined } });
    expect(gone.keys()).not.toContain(requeue);
  });

  it('is not closed where its report has no door', async () => {
    const bucket = aBucketOf({ receipts: [done, done, done] });
    const noDoor = () => Promise.reject(new Error('no door'));
    await expect(close({ receipts: [], bucket }, noDoor)).rejects.toThrow('no door');
    expect(bucket.keys()).not.toContain('jobs/job-1/receipt.json');
  });

  it('leaves the receipt of another end that was a moment sooner', async () => {
    const bucket = aBucketOf({ receipts: [done, done, done] });
    const sooner = aReceipt({ jobId: 'job-1', usd: 9 });
    const makeDoor = () => bucket.write('jobs/job-1/receipt.json', JSON.stringify(sooner));
    const { closedNow, receipt } = await close({ receipts: [], bucket }, makeDoor);
    expect({ closedNow, usd: receipt.usd }).toEqual({ closedNow: false, usd: 9 });
  });
});

describe('closing a job in parts that is closed', () => {
  it('changes nothing where the sums are the same', async () => {
    const { bucket, closedNow, receipt } = await close({ receipts: [done, done, done], files: closedBefore() });
    expect(closedNow).toBe(false);
    expect(receipt.closedAt).toBe(startedAt);
    expect(bucket.written).toEqual([]);
  });

  it.each([
    ['cost', { usd: 0.2 }],
    ['delivered', { delivered: 5, failed: 1 }],
  ])('amends what it %s, and keeps what was said of its end', async (_, over) => {
    const said = {
      plannedUsd: { p50: 1, p90: 2, onDemand: 3 },
      schedule: { name: 'night', time: startedAt },
      redriveCount: 1,
    };
    const files = closedBefore({ ...over, ...said, status: 'failed', failure: { error: 'WorkerLost', cause: 'x' } });
    const { kept, closedNow } = await close({ receipts: [done, done, done], files, facts: { redriveCount: 1 } });
    expect(closedNow).toBe(false);
    expect(kept).toMatchObject({ ...said, closedAt: startedAt, usd: 0.3, delivered: 6, status: 'delivered' });
    expect(kept.failure).toBeUndefined();
  });

  it('keeps its failure while an image is missing, and finds one where it had none', async () => {
    const failure = { error: 'WorkerLost', cause: 'x' };
    const receipts = [done, done, half];
    const told = await close({ receipts, files: closedBefore({ failure, usd: 1 }) });
    expect(told.kept).toMatchObject({ status: 'failed', failed: 1, failure });
    const untold = await close({ receipts, files: closedBefore({ usd: 1 }) });
    expect(untold.kept).toMatchObject({ status: 'failed', failure: { error: 'GenerationFailed' } });
  });

  it('is closed anew after a redrive, once', async () => {
    const files = closedBefore({ usd: 1 });
    const facts = { redriveCount: 1 };
    const { bucket, closedNow, kept } = await close({ receipts: [done, done, done], files, facts });
    expect(closedNow).toBe(true);
    expect(kept).toMatchObject({ closedAt, redriveCount: 1, usd: 0.3 });
    expect((await close({ receipts: [], bucket, facts })).closedNow).toBe(false);
  });
});
