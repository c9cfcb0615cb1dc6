import { describe, expect, it } from 'vitest';
import { costLines } from '../../../cli/costs/cost-lines.ts';
import { sumCosts } from '../../../functions/core/receipt/sum-costs.ts';
import { aReceipt } from '../../fakes/builders.ts';

const closedAt = '2026-11-05T23:00:00.000Z';
const schedule = { name: 'night', time: '2026-11-05T22:00:00Z' };
const sums = sumCosts(
  [
    aReceipt({ jobId: 'night-1', closedAt, usd: 1.5, onDemandUsd: 4.5, images: 8, delivered: 6, schedule }),
    aReceipt({ jobId: 'try', closedAt, usd: 0.02, onDemandUsd: 0.06, images: 1, delivered: 1, simulated: true }),
  ],
  '2026-11',
);

describe('the costs of a month', () => {
  it('are a line for each job, each schedule and the whole', () => {
    expect(costLines({ month: '2026-11', ...sums })).toEqual([
      'closed      job      schedule  images  cost                       an image',
      '2026-11-05  night-1  night     6/8     $1.50                      $0.25',
      '2026-11-05  try                1/1     $0.0200 (not paid: local)  $0.0200',
      'Schedule night: $1.50 for 6 images in 1 job, $0.25 an image; on demand $4.50.',
      '2026-11: $1.52 for 7 images in 2 jobs, $0.22 an image; on demand $4.56.',
    ]);
  });

  it('stand beside what AWS billed, or why it does not say', () => {
    expect(costLines({ month: '2026-11', ...sums, billed: { usd: 2 } }).at(-1)).toBe(
      'Cost Explorer: $2.00 for the tag project=spot-diffusion (storage, logs and what else carries the tag; receipts count instances, their volumes and requests: $1.52).',
    );
    expect(costLines({ month: '2026-11', ...sums, billed: { why: 'AccessDeniedException: no' } }).at(-1)).toBe(
      'Cost Explorer does not say: AccessDeniedException: no',
    );
  });

  it('are none in a month without jobs', () => {
    expect(costLines({ month: '2026-10', ...sumCosts([], '2026-10') })).toEqual(['No job closed in 2026-10.']);
  });
});
