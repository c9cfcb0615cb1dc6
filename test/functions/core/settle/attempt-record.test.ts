import { describe, expect, it } from 'vitest';
import { errorTable } from '../../../../functions/core/errors.ts';
import { attemptRecordSchema } from '../../../../functions/core/settle/attempt-record.ts';
import { aRecord, aRecordOf, images } from '../../../fakes/builders.ts';

describe('attemptRecordSchema', () => {
  it('takes what a worker writes', () => {
    const record = aRecordOf(images(2), { failed: [{ hash: 'f', error: 'GenerationFailed', message: 'm' }] });
    expect(attemptRecordSchema.parse(record)).toEqual(record);
  });

  it('takes what the safety policy did, and a record of a worker that knew of none', () => {
    const [first] = aRecordOf(images(1)).images;
    if (!first) throw new Error('Expected an image');
    const record = aRecordOf(images(1), {
      images: [{ ...first, effectiveSeed: 7, safety: 'passed' }],
      blocked: [{ hash: 'b', reason: 'flagged by the safety checker (nsfw 0.98)' }],
      checker: 'safety-classifier',
    });
    expect(attemptRecordSchema.parse(record)).toEqual(record);
    expect(attemptRecordSchema.parse({ ...record, checker: null }).checker).toBeNull();
    expect(attemptRecordSchema.parse(aRecord())).not.toHaveProperty('blocked');
  });

  it('takes what made each picture', () => {
    const record = aRecordOf(images(2));
    const made = record.images.map((image) => ({ ...image, computeBatch: 4, decodeBatch: 2, mode: 'channels-last' }));
    expect(attemptRecordSchema.parse({ ...record, images: made }).images).toEqual(made);
  });

  it('takes the record of an older worker, which had a phase more', () => {
    const old = { ...aRecord(), phases: { ...aRecord().phases, downloadSeconds: 0.1 } };
    expect(attemptRecordSchema.parse(old)).toEqual(aRecord());
  });

  it.each(['Succeeded', ...errorTable.map((entry) => entry.name)])('knows the outcome %s', (outcome) => {
    expect(attemptRecordSchema.safeParse({ ...aRecord(), outcome }).success).toBe(true);
  });

  it.each(Object.keys(aRecord()))('asks for %s', (field) => {
    expect(attemptRecordSchema.safeParse({ ...aRecord(), [field]: undefined }).success).toBe(false);
  });

  it.each([
    { version: 2 },
    { outcome: 'Failed' },
    { attempt: 0 },
    { shard: -1 },
    { skipped: -1 },
    { computeBatch: 1.5 },
    { phases: { ...aRecord().phases, renderSeconds: -1 } },
    { images: [{ hash: 'f', seconds: -1, pixelHash: 'f' }] },
    { images: [{ hash: 'f', seconds: 1 }] },
    { images: [{ hash: 'f', seconds: 1, pixelHash: 'f', effectiveSeed: 2 ** 32 }] },
    { images: [{ hash: 'f', seconds: 1, pixelHash: 'f', safety: 'maybe' }] },
    { images: [{ hash: 'f', seconds: 1, pixelHash: 'f', computeBatch: 0 }] },
    { images: [{ hash: 'f', seconds: 1, pixelHash: 'f', mode: 1 }] },
    { failed: [{ hash: 'f' }] },
    { blocked: [{ hash: 'f' }] },
    { checker: 1 },
    { versions: { torch: 2 } },
  ])('refuses %j', (change) => {
    expect(attemptRecordSchema.safeParse({ ...aRecord(), ...change }).success).toBe(false);
  });
});
