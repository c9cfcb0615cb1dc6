import { describe, expect, it } from 'vitest';
import { attemptRecordSchema } from '../../../functions/core/attempt-record.ts';
import { errorTable } from '../../../functions/core/errors.ts';
import { aRecord, aRecordOf, images } from '../../fakes/builders.ts';

describe('attemptRecordSchema', () => {
  it('takes what a worker writes', () => {
    const record = aRecordOf(images(2), { failed: [{ hash: 'f', error: 'GenerationFailed', message: 'm' }] });
    expect(attemptRecordSchema.parse(record)).toEqual(record);
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
    { failed: [{ hash: 'f' }] },
    { versions: { torch: 2 } },
  ])('refuses %j', (change) => {
    expect(attemptRecordSchema.safeParse({ ...aRecord(), ...change }).success).toBe(false);
  });
});
