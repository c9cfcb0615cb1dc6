import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNotification } from '../../../functions/core/notification.ts';
import type { Receipt } from '../../../functions/core/receipt.ts';
import { aReceipt, aSettlement } from '../../fakes/builders.ts';

const notify = (over: Partial<Receipt> = {}) => toNotification(aReceipt(over), 'my-bucket');
const failure = { error: 'BudgetExceeded', cause: 'does not fit `maxUsd`' };

describe('toNotification', () => {
  it('says of a delivered job what it made and what it cost', () => {
    expect(notify({ reused: 1 })).toEqual({
      subject: '[spot-diffusion] job-1 4 of 4 images delivered',
      message: [
        'Job job-1 is done: 4 of 4 images delivered. 1 of 4 images was there already: $0.',
        'Cost $0.12 ($0.0300 an image); on demand $0.36; saved 67 %.',
        'Attempts: 1',
        '  use1-az1/g6.xlarge/spot: Succeeded',
        'Report: s3://my-bucket/jobs/job-1/report.html',
      ].join('\n'),
    });
  });

  it('says of a failed job why, and where to find what is left', () => {
    const attempts = [aSettlement({ outcome: 'SpotInterrupted', reason: 'Host EC2 terminated.' })];
    expect(notify({ status: 'failed', delivered: 1, failed: 3, failure, attempts })).toEqual({
      subject: '[spot-diffusion] job-1 failed: BudgetExceeded, 1 of 4 images',
      message: [
        'Job job-1 failed: 1 of 4 images delivered.',
        'Cost $0.12 ($0.0300 an image); on demand $0.36; saved 67 %.',
        'Attempts: 1',
        '  use1-az1/g6.xlarge/spot: SpotInterrupted, Host EC2 terminated.',
        'BudgetExceeded: does not fit `maxUsd`',
        'Left to do: s3://my-bucket/jobs/job-1/requeue.jsonl',
        'Report: s3://my-bucket/jobs/job-1/report.html',
      ].join('\n'),
    });
  });

  it('names no requeue file where nothing is missing', () => {
    expect(notify({ failure, failed: 0 }).message).not.toContain('requeue');
  });

  it('says of a job on this machine that its cost is simulated', () => {
    expect(notify({ simulated: true }).message).toContain('\nSimulated cost $0.12 (');
    expect(notify({ simulated: false }).message).toContain('\nCost $0.12 (');
  });

  it('writes small amounts with four digits', () => {
    expect(notify({ usd: 0.0999, usdPerImage: 0.1 }).message).toContain('Cost $0.0999 ($0.10 an image)');
  });

  it('has a subject that SNS takes, whatever the names are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 99, unit: 'binary' }), fc.string({ maxLength: 20 }), (jobId, error) => {
        expect(notify({ jobId, failure: { error, cause: '' } }).subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      }),
      { numRuns: 30 },
    );
    expect(notify({ jobId: 'x'.repeat(120) }).subject).toHaveLength(99);
    expect(notify({ jobId: 'größe\n' }).subject).toBe('[spot-diffusion] gr??e? 4 of 4 images delivered');
  });

  it('has a message that is read on a phone: 8000 characters at most', () => {
    const attempts = Array.from({ length: 200 }, () => aSettlement({ reason: 'x'.repeat(600) }));
    expect(notify({ attempts }).message.length).toBeLessThanOrEqual(8000);
  });

  it('gives each attempt a line of its own', () => {
    const attempts = [aSettlement({ outcome: 'SpotInterrupted', reason: 'Host EC2' }), aSettlement()];
    expect(notify({ attempts }).message).toContain(
      'Attempts: 2\n  use1-az1/g6.xlarge/spot: SpotInterrupted, Host EC2\n  use1-az1/g6.xlarge/spot: Succeeded\nReport: ',
    );
  });

  it('says how many pictures the safety policy blocked', () => {
    const { subject, message } = toNotification(aReceipt({ images: 5, delivered: 4, blocked: 1 }), 'b');
    expect(subject).toContain('4 of 5 images delivered, 1 blocked by the safety policy');
    expect(message).toContain('is done: 4 of 5 images delivered, 1 blocked by the safety policy.');
  });

  it('says why an attempt was where it was, before how it ended', () => {
    const attempts = [
      aSettlement({ note: 'a pilot', outcome: 'WorkerLost', reason: 'gone' }),
      aSettlement({ note: 'late' }),
    ];
    const { message } = toNotification(aReceipt({ attempts }), 'b');
    expect(message).toContain('spot: WorkerLost, a pilot; gone\n');
    expect(message).toContain('spot: Succeeded, late\n');
  });

  it('cuts the reason of an attempt at 100 characters', () => {
    const reason = `${'x'.repeat(100)}y`;
    const attempts = [aSettlement({ outcome: 'SpotInterrupted', reason })];
    expect(notify({ attempts }).message).toContain(
      `\n  use1-az1/g6.xlarge/spot: SpotInterrupted, ${'x'.repeat(100)}\n`,
    );
  });

  it('keeps the failure and the links where there were many attempts', () => {
    const attempts = Array.from({ length: 200 }, (_, index) =>
      aSettlement({ attempt: index, reason: 'Host EC2 lost' }),
    );
    const { message } = notify({ attempts, failure, failed: 2 });
    expect(message.split('\n').filter((line) => !line.startsWith('  '))).toEqual(
      expect.arrayContaining([
        'BudgetExceeded: does not fit `maxUsd`',
        'Left to do: s3://my-bucket/jobs/job-1/requeue.jsonl',
        'Report: s3://my-bucket/jobs/job-1/report.html',
      ]),
    );
  });

  it('sends a link for everyone where there is one, and its life time', () => {
    const report = { url: 'https://door/t/jobs/job-1/report.html', days: 7 };
    const { message } = toNotification(aReceipt(), 'my-bucket', { report });
    expect(message.split('\n').at(-1)).toBe(
      'Report (the link opens for 7 days, for everyone who has it): https://door/t/jobs/job-1/report.html',
    );
  });

  it('keeps the links below a long cause', () => {
    const { message } = notify({ failure: { error: 'InvalidJob', cause: 'x'.repeat(20_000) } });
    expect(message.slice(-200)).toContain('s3://my-bucket/jobs/job-1/report.html');
  });
});
