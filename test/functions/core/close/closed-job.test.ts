import { describe, expect, it } from 'vitest';
import { toClosedJob, toCounts } from '../../../../functions/core/close/closed-job.ts';
import { aReceipt } from '../../../fakes/builders.ts';

const ending = { bucket: 'b', report: { url: 'u' }, notify: 'all', closedNow: true };

describe('what is counted of a closed job', () => {
  it('is what it delivered and cost', () => {
    expect(toCounts(toClosedJob(aReceipt(), ending))).toEqual({
      status: 'delivered',
      images: 4,
      delivered: 4,
      reused: 0,
      failed: 0,
      usd: 0.12,
      usdPerImage: 0.03,
    });
  });

  it('is nothing of a part, whose job has it in its sums, nor of a job that was closed before', () => {
    const part = aReceipt({ partOf: 'job-1' });
    expect(toCounts(toClosedJob(part, ending))).toEqual({ status: 'delivered' });
    expect(toCounts(toClosedJob(aReceipt(), { ...ending, closedNow: false }))).toEqual({ status: 'delivered' });
  });
});
