import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../../../functions/core/receipt/receipt.ts';
import { toNotification } from '../../../../functions/core/tell/notification.ts';
import { aReceipt, aSettlement } from '../../../fakes/builders.ts';

const notify = (over: Partial<Receipt> = {}) => toNotification(aReceipt(over), 'my-bucket');
const failure = { error: 'BudgetExceeded', cause: 'does not fit `maxUsd`' };

describe('toNotification', () => {
  it('says of a delivered job what it made and what it cost', () => {
    expect(notify({ reused: 1 })).toMatchObject({
      subject: '[spot-diffusion] Delivered: 4 of 4 images, $0.12, saved 67 % (job-1)',
      message: [
        'Job job-1 is done: 4 of 4 images delivered. 1 of 4 images was there already: $0.',
        'Cost $0.12 ($0.0300 an image); on demand $0.36; saved 67 %.',
        'Attempts: 1 (1 Succeeded)',
        'Report: s3://my-bucket/jobs/job-1/report.html',
      ].join('\n'),
    });
  });

  it('says of a failed job why, and where to find what is left', () => {
    const attempts = [aSettlement({ outcome: 'SpotInterrupted', reason: 'Host EC2 terminated.' })];
    expect(notify({ status: 'failed', delivered: 1, failed: 3, failure, attempts })).toMatchObject({
      subject: '[spot-diffusion] Failed: BudgetExceeded, 1 of 4 images, $0.12, saved 67 % (job-1)',
      message: [
        'Job job-1 failed: 1 of 4 images delivered.',
        'BudgetExceeded: does not fit `maxUsd`',
        'Cost $0.12 ($0.0300 an image); on demand $0.36; saved 67 %.',
        'Attempts: 1 (1 SpotInterrupted)',
        '  use1-az1/g6.xlarge/spot: SpotInterrupted, Host EC2 terminated.',
        'Left to do: s3://my-bucket/jobs/job-1/requeue.jsonl',
        'Report: s3://my-bucket/jobs/job-1/report.html',
      ].join('\n'),
    });
  });

  it('names the schedule that started the job', () => {
    const schedule = { name: 'nightly', time: '2026-11-23T22:00:00Z' };
    expect(notify({ schedule }).message).toContain('Job job-1 of schedule nightly is done: 4 of 4');
  });

  it('names no requeue file where nothing is missing', () => {
    expect(notify({ failure, failed: 0 }).message).not.toContain('requeue');
  });

  it('says of a job on this machine that its cost is simulated', () => {
    expect(notify({ simulated: true }).message).toContain('\nSimulated cost $0.12 (');
    expect(notify({ simulated: false }).message).toContain('\nCost $0.12 (');
  });

  it('tells how the parts of a job ended, the first five that did not deliver all', () => {
    const part = { status: 'failed', images: 4, delivered: 1, usd: 0 } as const;
    const parts = [
      { ...part, jobId: 'job-1-p001', status: 'delivered', delivered: 4 } as const,
      ...Array.from({ length: 6 }, (_, index) => ({ ...part, jobId: `job-1-p00${index + 2}` })),
      { ...part, jobId: 'job-1-p008', status: 'not closed', delivered: 0 } as const,
    ];
    const lines = notify({ attempts: [], parts }).message.split('\n');
    const from = lines.findIndex((line) => line.startsWith('Parts:'));
    expect(lines.slice(from, from + 7)).toEqual([
      'Parts: 8 (1 delivered, 6 failed, 1 not closed)',
      ...[2, 3, 4, 5, 6].map((number) => `  job-1-p00${number}: failed, 1 of 4`),
      'Report: s3://my-bucket/jobs/job-1/report.html',
    ]);
    expect(lines.join()).not.toContain('Attempts:');
  });

  it('says of one image that it is one, and in the subject that its cost is simulated', () => {
    const { subject } = notify({ images: 1, delivered: 1, simulated: true, savingPercent: 0 });
    expect(subject).toBe('[spot-diffusion] Delivered: 1 of 1 image, $0.12 simulated, saved 0 % (job-1)');
  });

  it('has reasons of one line, without blanks around', () => {
    const attempts = [aSettlement({ outcome: 'WorkerLost', reason: '  it  was\n\tlost ' })];
    expect(notify({ attempts }).message).toContain(': WorkerLost, it was lost\n');
    expect(notify({ attempts: [aSettlement({ outcome: 'WorkerLost' })] }).message).toContain('spot: WorkerLost\n');
  });

  it('names three pictures that are none', () => {
    const unreadable = ['a', 'b', 'c', 'd'];
    const { message } = toNotification(aReceipt(), 'my-bucket', { unreadable });
    expect(message.match(/Not a picture: \w/g)).toEqual(['a', 'b', 'c'].map((name) => `Not a picture: ${name}`));
  });

  it('writes nothing as $0, and small amounts with four digits', () => {
    expect(notify({ usdPerImage: 0 }).message).toContain('($0.00 an image)');
    expect(notify({ usd: 0.0999, usdPerImage: 0.1 }).message).toContain('Cost $0.0999 ($0.10 an image)');
  });

  it('has a subject and a message that SNS takes, whatever names, prompts and reasons are', () => {
    const text = (maxLength: number) => fc.string({ maxLength, unit: 'binary' });
    const facts = fc.record({ jobId: text(99), error: text(40), cause: text(300), reason: text(300), pool: text(40) });
    fc.assert(
      fc.property(facts, fc.nat(200), ({ jobId, error, cause, reason, pool }, count) => {
        const attempts = Array.from({ length: count }, () => aSettlement({ pool, reason, outcome: 'WorkerLost' }));
        const over = { jobId, failure: { error, cause }, attempts, failed: 1 };
        const { subject, message, chat } = toNotification(aReceipt(over), 'b', {
          pauses: [{ version: 1, shard: 0, from: '2026-11-25T00:00:00Z', seconds: 600, reason }],
          unreadable: [reason],
        });
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(message.length).toBeLessThanOrEqual(8000);
        expect(message.isWellFormed()).toBe(true);
        expect(message.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        const { content } = JSON.parse(chat);
        expect(content.description.length).toBeLessThanOrEqual(3000);
        expect(content.description).toContain('\nReport: s3://b/');
        expect(`${content.title}${content.description}`).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(chat.isWellFormed()).toBe(true);
        // Long names and reasons do not push the link out.
        expect(message).toContain('\nReport: s3://b/');
      }),
      { numRuns: 100 },
    );
  });

  it('says the status before a long name of the job', () => {
    const { subject } = notify({ jobId: 'x'.repeat(120) });
    expect(subject).toHaveLength(99);
    expect(subject).toMatch(/^\[spot-diffusion\] Delivered: 4 of 4 images, \$0\.12, saved 67 % \(x+$/);
    expect(notify({ jobId: 'größe\n' }).subject).toContain('(gr??e?)');
  });

  it('says of an input that was refused that nothing was rendered and nothing was paid', () => {
    const refused = { images: 0, delivered: 0, failed: 0, usd: 0, attempts: [], status: 'failed' as const };
    const { subject, message } = notify({
      ...refused,
      failure: { error: 'InvalidPrompt', cause: 'prompts[1]: empty' },
    });
    expect(subject).toBe('[spot-diffusion] Failed: InvalidPrompt, nothing was rendered (job-1)');
    expect(message.split('\n').slice(0, 3)).toEqual([
      'Job job-1 failed: nothing was rendered.',
      'InvalidPrompt: prompts[1]: empty',
      'Cost $0.',
    ]);
  });

  it('calls dearer what was dearer than on demand', () => {
    const { subject, message } = notify({ savingPercent: -12 });
    expect(subject).toContain(', 12 % dearer (');
    expect(message).toContain('; 12 % dearer.');
  });

  it('tells the three longest waits with their reason, of attempts and of shards without a pool', () => {
    const at = (minutes: number) => new Date(Date.parse('2026-11-25T00:00:00Z') + minutes * 60_000).toISOString();
    const waited = (minutes: number, sentence: string) =>
      aSettlement({ createdAt: at(0), startedAt: at(minutes), wait: { sentence } });
    const attempts = [
      waited(4, 'an instance starts'),
      waited(95, 'quota L-3819A6DF is full'),
      waited(1, 'short'),
      aSettlement({ createdAt: at(0), startedAt: at(300) }),
    ];
    const pauses = [{ version: 1 as const, shard: 0, from: at(0), seconds: 1200, reason: 'all pools refused' }];
    const { message } = toNotification(aReceipt({ attempts }), 'b', { pauses });
    expect(message).toContain(
      '\nLongest waits:\n  1.6 h: quota L-3819A6DF is full\n  20 min: all pools refused\n  4 min: an instance starts\nReport: ',
    );
    expect(message).not.toContain('short');
  });

  it('links to the execution in the console, and names pictures that are none', () => {
    const execution = 'arn:aws:states:eu-west-1:123456789012:execution:spot-diffusion:job-1';
    const { message } = toNotification(aReceipt(), 'b', { execution, unreadable: ['images/ab.png: Expected a PNG'] });
    expect(message).toContain('\nNot a picture: images/ab.png: Expected a PNG\n');
    expect(message.split('\n').at(-1)).toBe(
      `Execution: https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${execution}`,
    );
  });

  it('has a message that is read on a phone: 8000 characters at most', () => {
    const attempts = Array.from({ length: 200 }, () => aSettlement({ reason: 'x'.repeat(600) }));
    expect(notify({ attempts }).message.length).toBeLessThanOrEqual(8000);
  });

  it('gives a line to each attempt that went wrong, the last five, and counts them all', () => {
    const lost = Array.from({ length: 7 }, (_, index) =>
      aSettlement({ outcome: 'SpotInterrupted', reason: `Host EC2 ${index}` }),
    );
    const { message } = notify({ attempts: [...lost, aSettlement()] });
    const lines = lost.slice(2).map((_, index) => `  use1-az1/g6.xlarge/spot: SpotInterrupted, Host EC2 ${index + 2}`);
    expect(message).toContain(`Attempts: 8 (7 SpotInterrupted, 1 Succeeded)\n${lines.join('\n')}\nReport: `);
  });

  it('says how many pictures the safety policy blocked', () => {
    const { subject, message } = toNotification(aReceipt({ images: 5, delivered: 4, blocked: 1 }), 'b');
    expect(subject).toContain('Delivered: 4 of 5 images, 1 blocked, $0.12');
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

  it('cuts the reason of an attempt at 160 characters', () => {
    const reason = `${'x'.repeat(160)}y`;
    const attempts = [aSettlement({ outcome: 'SpotInterrupted', reason })];
    expect(notify({ attempts }).message).toContain(
      `\n  use1-az1/g6.xlarge/spot: SpotInterrupted, ${'x'.repeat(160)}\n`,
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
