import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMillionths } from '../../../../functions/core/receipt/apportion.ts';
import { toManifest } from '../../../../functions/core/receipt/manifest.ts';
import { describeReused, toReceipt } from '../../../../functions/core/receipt/receipt.ts';
import { aManifestLine, aRecordOf, aSettlement, images, startedAt } from '../../../fakes/builders.ts';

const closedAt = '2026-11-23T22:10:00.000Z';
const facts = { jobId: 'job-1', startedAt, closedAt, failures: [] };
const failure = { error: 'BudgetExceeded', cause: 'too dear' };
const delivered = aManifestLine({ pool: 'use1-az1/g6.xlarge/spot' });
const reused = aManifestLine({ reused: true, usd: 0 });
const missing = aManifestLine({ status: 'failed', error: 'not rendered' });

describe('toReceipt', () => {
  it('sums up a job that delivered everything', () => {
    const attempts = [
      aSettlement({ usd: 0.1, onDemandUsd: 0.4, outcome: 'SpotInterrupted' }),
      aSettlement({ usd: 0.2, onDemandUsd: 0.5, attempt: 2 }),
    ];
    const plannedUsd = { p50: 1, p90: 2, onDemand: 3 };
    const place = { instanceType: 'g6.xlarge', azId: 'use1-az1' };
    expect(toReceipt([delivered, delivered, reused], attempts, { ...facts, plannedUsd })).toEqual({
      version: 1,
      jobId: 'job-1',
      status: 'delivered',
      startedAt,
      closedAt,
      images: 3,
      delivered: 3,
      reused: 1,
      blocked: 0,
      failed: 0,
      usd: 0.3,
      usdPerImage: 0.15,
      onDemandUsd: 0.9,
      savingPercent: 67,
      savingUsd: 0.6,
      plannedUsd,
      attempts: [
        { ...attempts[0], cents: 10, wasteUsd: 0.1, ...place },
        { ...attempts[1], cents: 20, wasteUsd: 0, ...place },
      ],
      lost: { attempts: 1, withoutInstance: 0, usd: 0.1, wasteUsd: 0.1, unbilled: 0, unbilledUsd: 0 },
      failure: undefined,
    });
  });

  it('costs $0 and saves nothing where all was there before', () => {
    expect(toReceipt([reused, reused], [], facts)).toMatchObject({
      status: 'delivered',
      usd: 0,
      usdPerImage: 0,
      savingPercent: 0,
      reused: 2,
    });
  });

  it('never calls a job with a missing image delivered', () => {
    expect(toReceipt([delivered, missing], [], facts)).toMatchObject({
      status: 'failed',
      images: 2,
      delivered: 1,
      failed: 1,
      failure: {
        error: 'GenerationFailed',
        cause: '1 of 2 images are missing. The requeue file lists them.',
      },
    });
  });

  it('counts what the safety policy of the job blocked apart: nothing is missing', () => {
    const blocked = aManifestLine({ status: 'blocked', error: 'blocked: flagged' });
    expect(toReceipt([delivered, blocked], [], facts)).toMatchObject({
      status: 'delivered',
      images: 2,
      delivered: 1,
      blocked: 1,
      failed: 0,
    });
    expect(toReceipt([delivered, blocked, missing], [], facts)).toMatchObject({
      status: 'failed',
      blocked: 1,
      failed: 1,
    });
  });

  it('keeps the first failure under its own name', () => {
    const failures = [failure, { error: 'WorkerLost', cause: 'x' }];
    expect(toReceipt([missing], [], { ...facts, failures })).toMatchObject({ status: 'failed', failure });
  });

  it('is delivered, whatever failed on the way, once every image is there', () => {
    const receipt = toReceipt([delivered], [], { ...facts, failures: [failure] });
    expect(receipt.status).toBe('delivered');
    expect(receipt.failure).toBeUndefined();
  });

  it('is failed where the job was refused before it had images', () => {
    expect(toReceipt([], [], { ...facts, failures: [failure] })).toMatchObject({
      status: 'failed',
      images: 0,
      failure,
    });
  });

  it('does not count reused images into the price of an image', () => {
    expect(toReceipt([delivered, reused, missing], [aSettlement({ usd: 0.5 })], facts).usdPerImage).toBe(0.5);
  });

  it('shows dearer than on demand as a negative saving', () => {
    expect(toReceipt([delivered], [aSettlement({ usd: 3, onDemandUsd: 2 })], facts).savingPercent).toBe(-50);
  });

  it('rounds to a millionth of a dollar', () => {
    const { usd, usdPerImage, onDemandUsd } = toReceipt(
      [delivered, delivered, delivered],
      [aSettlement({ usd: 0.1 + 0.2, onDemandUsd: 1 / 3 })],
      facts,
    );
    expect([usd, usdPerImage, onDemandUsd]).toEqual([0.3, 0.1, 0.333333]);
  });
});

describe('what was there already', () => {
  it.each([
    [3, 5, '3 of 5 images were there already: $0'],
    [1, 5, '1 of 5 images was there already: $0'],
    [1, 1, '1 of 1 image was there already: $0'],
  ])('is said in one sentence for %i of %i', (reused, images, sentence) => {
    expect(describeReused({ reused, images })).toBe(sentence);
  });
});

describe('the sums', () => {
  const cost = fc.double({ min: 0, max: 20, noNaN: true });
  const settlements = fc
    .array(fc.record({ usd: cost, billed: fc.boolean(), outcome: fc.constantFrom('Succeeded', 'SpotInterrupted') }))
    .map((all) => all.map((over, index) => aSettlement({ ...over, shard: index } as object)));
  const sum = (values: readonly (number | undefined)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0);

  it('of the attempts and of the images are the total, to the last unit', () => {
    fc.assert(
      fc.property(settlements, fc.integer({ min: 1, max: 60 }), (attempts, count) => {
        const made = images(count);
        const hashes = new Set(made.map(({ hash }) => hash));
        const records = attempts.length ? [aRecordOf(made)] : [];
        const job = { images: made, present: hashes, records, settlements: attempts, unrecorded: new Map() };
        const manifest = toManifest(job);
        const receipt = toReceipt(manifest, attempts, { ...facts, records });
        const total = toMillionths(receipt.usd);
        expect(sum(receipt.attempts.map(({ usd }) => toMillionths(usd)))).toBe(total);
        expect(sum(receipt.attempts.map(({ cents = 0 }) => Math.round(cents * 10_000)))).toBe(total);
        expect(sum(manifest.map(({ usd = 0 }) => toMillionths(usd)))).toBe(total);
        expect(Math.abs(total / 1e6 - sum(attempts.map(({ usd }) => usd)))).toBeLessThanOrEqual(0.5000001e-6);
        expect(receipt.lost?.usd ?? 0).toBeLessThanOrEqual(receipt.usd + 1e-9);
        expect(receipt.lost?.wasteUsd ?? 0).toBeLessThanOrEqual((receipt.lost?.usd ?? 0) + 1e-6);
      }),
    );
  });
});
