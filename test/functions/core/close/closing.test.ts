import { describe, expect, it } from 'vitest';
import { closeRequestSchema } from '../../../../functions/core/close/closing.ts';

const close = (failure: object) =>
  closeRequestSchema.parse({ jobId: 'a', startedAt: '2026-11-23T22:00:00Z', failures: [failure] }).failures[0];

describe('the job whose part it is', () => {
  const partOf = (value: unknown) =>
    closeRequestSchema.parse({ jobId: 'a', startedAt: 'x', failures: [], partOf: value }).partOf;

  it('is named by its parent, and by nothing else', () => {
    expect(partOf({ jobId: 'n'.repeat(80), instanceType: 'g6.xlarge' })).toBe('n'.repeat(80));
    for (const odd of [{ jobId: '' }, { jobId: 'n'.repeat(81) }, {}, 'night', null])
      expect(partOf(odd)).toBeUndefined();
  });
});

it('counts no redrive where none is told of', () => {
  const redrives = (redriveCount?: number | null) =>
    closeRequestSchema.parse({ jobId: 'a', startedAt: 'x', failures: [], redriveCount }).redriveCount;
  expect([redrives(), redrives(null), redrives(2)]).toEqual([0, 0, 2]);
});

describe('the failure that a job is closed with', () => {
  it('is the sentence that a Lambda wrapped', () => {
    expect(close({ error: 'InvalidJob', cause: '{"errorMessage":"wrong"}' })).toEqual({
      error: 'InvalidJob',
      cause: 'wrong',
    });
    expect(close({ error: 'States.Runtime' })).toEqual({ error: 'States.Runtime', cause: '' });
  });

  it('is one line each, without what could colour a terminal, within the limits of a Fail state', () => {
    expect(close({ error: 'a\u001b[2J\nb', cause: 'enough\r\n{"level":"ERROR"}\u202e\u0000' })).toEqual({
      error: 'a [2J b',
      cause: 'enough {"level":"ERROR"}',
    });
    const long = close({ error: 'e'.repeat(1000), cause: 'c'.repeat(100_000) });
    expect([long?.error.length, long?.cause.length]).toEqual([256, 32_768]);
  });
});
