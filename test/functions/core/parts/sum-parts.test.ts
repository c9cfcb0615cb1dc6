import { expect, it } from 'vitest';
import { sumParts } from '../../../../functions/core/parts/sum-parts.ts';
import { aJob, aReceipt, aSettlement, startedAt } from '../../../fakes/builders.ts';

const job = aJob({ images: 12, parts: 3 });
const facts = { jobId: 'job-1', startedAt, closedAt: startedAt, failures: [] };
const part = aReceipt({ reused: 1, usd: 0.1, onDemandUsd: 0.4 });

it('adds up what the parts delivered and cost', () => {
  expect(sumParts(job, [part, part, part], facts)).toMatchObject({
    jobId: 'job-1',
    status: 'delivered',
    images: 12,
    delivered: 12,
    reused: 3,
    failed: 0,
    usd: 0.3,
    usdPerImage: 0.033333,
    onDemandUsd: 1.2,
    savingPercent: 75,
    attempts: [],
    parts: [1, 2, 3].map((number) => ({
      jobId: `job-1-p00${number}`,
      status: 'delivered',
      images: 4,
      delivered: 4,
      usd: 0.1,
    })),
  });
});

it('counts the images of a part that is not closed as missing, and never says delivered of them', () => {
  const lost = aReceipt({
    status: 'failed',
    delivered: 2,
    failed: 1,
    blocked: 1,
    attempts: [aSettlement({ outcome: 'WorkerLost' })],
  });
  const receipt = sumParts(job, [part, lost, undefined], facts);
  expect(receipt).toMatchObject({ status: 'failed', delivered: 6, blocked: 1, failed: 5, lost: { attempts: 1 } });
  expect(receipt.failure?.error).toBe('GenerationFailed');
  expect(receipt.parts?.map(({ status }) => status)).toEqual(['delivered', 'failed', 'not closed']);
  expect(receipt.delivered + receipt.blocked + receipt.failed).toBe(receipt.images);
});

it('adds up each way in which the parts lost something', () => {
  const lost = { attempts: 1, withoutInstance: 2, usd: 0.3, wasteUsd: 0.04, unbilled: 5, unbilledUsd: 0.000006 };
  const twice = { attempts: 2, withoutInstance: 4, usd: 0.6, wasteUsd: 0.08, unbilled: 10, unbilledUsd: 0.000012 };
  const receipts = [aReceipt({ lost }), aReceipt({ lost }), undefined];
  expect(sumParts(job, receipts, facts).lost).toEqual(twice);
});

it('has the failure of the end, unless every image is there', () => {
  const failures = [{ error: 'BudgetExceeded', cause: 'x' }];
  expect(sumParts(job, [part, part, undefined], { ...facts, failures }).failure).toEqual(failures[0]);
  expect(sumParts(job, [part, part, part], { ...facts, failures }).failure).toBeUndefined();
});
