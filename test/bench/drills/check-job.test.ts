import { describe, expect, it } from 'vitest';
import { checkJob, type Left } from '../../../bench/drills/check-job.ts';
import type { EndedJob } from '../../../bench/drills/storm.ts';
import { aManifestLine, aReceipt, aRecordOf, images } from '../../fakes/builders.ts';

const [first, second] = images(2);
if (!first || !second) throw new Error('Expected two images');
const hashes = [first.hash, second.hash];
const manifest = hashes.map((hash) => aManifestLine({ hash, reused: false }));
const receipt = aReceipt({
  images: 2,
  delivered: 2,
  reused: 0,
  blocked: 0,
  failed: 0,
  status: 'delivered',
  failure: undefined,
});
const good: Left = { hashes, manifest, receipt, requeued: 0, records: [], present: new Set(hashes), messages: 1 };

const job = (execution: object = {}, order: object = {}): EndedJob => ({
  order: { name: 'job-1', input: {}, images: 2, expected: 'delivered', ...order },
  execution: {
    status: 'SUCCEEDED',
    $metadata: {},
    executionArn: 'arn',
    stateMachineArn: 'arn',
    ...execution,
  } as EndedJob['execution'],
});
const found = (left: Partial<Left>, ended = job()) =>
  checkJob(ended, { ...good, ...left }).map(
    ({ what, text }) => `${what}: ${text.replaceAll(/[0-9a-f]{64}/g, '<hash>')}`,
  );
const failedLine = aManifestLine({ hash: second.hash, status: 'failed', error: 'not rendered' });

describe('the check of a job after a storm', () => {
  it('finds nothing wrong with a job that kept its promises', () => {
    expect(found({})).toEqual([]);
  });

  it.each<[string, Partial<Left>]>([
    ['lost: image <hash> has no line in the manifest', { manifest: manifest.slice(1) }],
    ['lost: image <hash> is delivered, and not in the bucket', { present: new Set([second.hash]) }],
    [
      'lost: 1 images failed, 0 are in the requeue file',
      { manifest: [...manifest.slice(0, 1), failedLine], present: new Set([first.hash]) },
    ],
    [
      'lost: image <hash> is failed without a reason',
      { manifest: [...manifest.slice(0, 1), { ...failedLine, error: undefined }] },
    ],
    ['lost: it has no receipt', { receipt: undefined }],
    ['lost: 2 images expected, 1 + 0 + 0 in the receipt', { receipt: aReceipt({ ...receipt, delivered: 1 }) }],
    ['lost: nobody was told of its end', { messages: 0 }],
    ['duplicated: 2 messages tell of its end', { messages: 2 }],
    ['duplicated: image <hash> has 2 lines in the manifest', { manifest: [...manifest, ...manifest.slice(0, 1)] }],
    [
      'duplicated: image <hash> is in 2 records of attempts',
      { records: [aRecordOf([first]), aRecordOf([first, second], { attempt: 2 })] },
    ],
    [
      'wrongStatus: image <hash> failed, and is in the bucket',
      { manifest: [...manifest.slice(0, 1), failedLine], requeued: 1 },
    ],
    [
      'wrongStatus: 1 images are called rendered before, 0 were',
      { manifest: [...manifest.slice(0, 1), aManifestLine({ hash: second.hash, reused: true })] },
    ],
  ])('finds %s', (text, left) => {
    expect(found(left)).toContain(text);
  });

  it.each([
    ['wrongStatus: FAILED (WorkerLost: x), expected SUCCEEDED', { status: 'FAILED', error: 'WorkerLost', cause: 'x' }],
    ['wrongStatus: FAILED by `States.Runtime`, which nobody named', { status: 'FAILED', error: 'States.Runtime' }],
    ['wrongStatus: FAILED, and its receipt says delivered', { status: 'FAILED', error: 'WorkerLost' }],
  ])('finds %s', (text, execution) => {
    expect(found({}, job(execution))).toContain(text);
  });

  it('finds a job that failed by another error than it had to', () => {
    const ended = job({ status: 'FAILED', error: 'WorkerLost' }, { expected: 'BudgetExceeded' });
    expect(found({}, ended)).toContain('wrongStatus: FAILED by WorkerLost, expected BudgetExceeded');
  });
});
