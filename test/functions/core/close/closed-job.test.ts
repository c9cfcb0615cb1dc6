import { describe, expect, it } from 'vitest';
import { toClosedJob, toCounts } from '../../../../functions/core/close/closed-job.ts';
import { aReceipt } from '../../../fakes/builders.ts';

const ending = { bucket: 'b', report: { url: 'u' }, notify: 'all', closedNow: true };

describe('what the states after Close job see', () => {
  it('names what a filter may ask for, whether there is anything or not', () => {
    expect(toClosedJob(aReceipt(), { ...ending, notify: '' })).toMatchObject({ notify: 'all', error: 'none' });
    expect(toClosedJob(aReceipt(), ending).failure).toBeUndefined();
  });

  it('cuts a cause to what a state takes', () => {
    const failure = { error: 'WorkerLost', cause: 'c'.repeat(40_000) };
    expect(toClosedJob(aReceipt({ failure }), ending)).toMatchObject({
      error: 'WorkerLost',
      failure: { error: 'WorkerLost', cause: 'c'.repeat(32_768) },
    });
  });
});

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
