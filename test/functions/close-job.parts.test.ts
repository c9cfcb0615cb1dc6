import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import { aJob, aReceipt } from '../fakes/builders.ts';
import { at, failures, setUp } from './closing.ts';

const job = { [at('job.json')]: JSON.stringify(aJob({ images: 9, parts: 3, notify: 'me' })) };
const lines = Object.fromEntries(
  [1, 2, 3].map((part) => [at(`parts/00${part}.jsonl`), `"of part ${part}"\n`.repeat(3)]),
);
const partFile = (part: number, name: string) => `jobs/job-1-p00${part}/${name}`;
const receiptOf = (part: number, over: Partial<Receipt> = {}) => ({
  [partFile(part, 'receipt.json')]: JSON.stringify(aReceipt({ images: 3, delivered: 3, usd: 0.1, ...over })),
});
const all = { ...job, ...lines, ...receiptOf(1), ...receiptOf(2), ...receiptOf(3) };
const half = {
  ...job,
  ...lines,
  ...receiptOf(1),
  ...receiptOf(2, { status: 'failed', delivered: 2, failed: 1, failure: { error: 'WorkerLost', cause: 'x' } }),
  [partFile(2, 'requeue.jsonl')]: '"left of part 2"\n',
};

describe('close-job of a job in parts', () => {
  it('sums up their receipts, and tells of the whole once', async () => {
    const { bucket, close, json } = setUp(all, []);
    expect(await close()).toMatchObject({
      status: 'delivered',
      images: 9,
      delivered: 9,
      usd: 0.3,
      notify: 'me',
      closedNow: true,
      subject: expect.stringContaining('Delivered: 9 of 9 images, $0.30'),
      message: expect.stringContaining('Parts: 3 (3 delivered)'),
    });
    expect(await json('receipt.json')).toMatchObject({ usd: 0.3, attempts: [], parts: [{ usd: 0.1 }, {}, {}] });
    expect(bucket.written).toEqual([at('report.html'), at('receipt.json')]);
    expect(await close()).toMatchObject({ status: 'delivered', closedNow: false });
    expect(bucket.written).toHaveLength(2);
  });

  it('lists what is left of a part that ended, and all of one that never did', async () => {
    const { bucket, close } = setUp(half, []);
    expect(await close({ failures })).toMatchObject({
      status: 'failed',
      error: 'BudgetExceeded',
      delivered: 5,
      failed: 4,
      message: expect.stringContaining('  job-1-p003: not closed, 0 of 3'),
    });
    expect(await bucket.read(at('requeue.jsonl'))).toBe(`"left of part 2"\n${'"of part 3"\n'.repeat(3)}`);
  });

  it('lists all of a part that was refused before it had images', async () => {
    const refused = receiptOf(2, {
      status: 'failed',
      images: 0,
      delivered: 0,
      failure: { error: 'InvalidJob', cause: 'x' },
    });
    const { bucket, close } = setUp({ ...all, ...refused }, []);
    expect(await close({ failures })).toMatchObject({ delivered: 6, failed: 3 });
    expect(await bucket.read(at('requeue.jsonl'))).toBe('"of part 2"\n'.repeat(3));
  });

  it('links the report of each part that has one', async () => {
    const { bucket, close } = setUp(half, []);
    await close({ failures });
    const page = (await bucket.read(at('report.html'))) ?? '';
    expect(page).toContain('<a href="../job-1-p002/report.html">job-1-p002</a>');
    expect(page).not.toContain('job-1-p003/report.html');
    expect(page).not.toContain('<script');
  });

  it('takes the cost of a part that was closed later into its sums, and says nothing a second time', async () => {
    const { bucket, close, json } = setUp(half, []);
    const schedule = { name: 'nightly', time: '2026-11-23T22:00:00Z' };
    await close({ failures, schedule, redriveCount: 1 });
    await bucket.write(partFile(3, 'receipt.json'), JSON.stringify(aReceipt({ images: 3, delivered: 3, usd: 0.2 })));
    expect(await close()).toMatchObject({ closedNow: false, error: 'BudgetExceeded', delivered: 8 });
    expect(await json('receipt.json')).toMatchObject({ delivered: 8, failed: 1, usd: 0.4, schedule, redriveCount: 1 });
  });

  it('is closed anew by a redriven execution', async () => {
    const { bucket, close } = setUp(half, []);
    await close({ failures });
    await bucket.write(partFile(3, 'receipt.json'), JSON.stringify(aReceipt({ images: 3, delivered: 3 })));
    await bucket.write(partFile(2, 'receipt.json'), JSON.stringify(aReceipt({ images: 3, delivered: 3 })));
    expect(await close({ redriveCount: 1 })).toMatchObject({ closedNow: true, status: 'delivered' });
    expect(await bucket.read(at('requeue.jsonl'))).toBe('');
  });

  it('closes a part as any job, and says whose part it is', async () => {
    const { close, json } = setUp({ [at('job.json')]: JSON.stringify(aJob({ partOf: 'night', notify: 'none' })) });
    expect((await close()).notify).toBe('none');
    expect((await json('receipt.json')).partOf).toBe('night');
    const refused = setUp({}, []);
    await refused.close({ partOf: { jobId: 'night' }, failures });
    expect((await refused.json('receipt.json')).partOf).toBe('night');
  });
});
