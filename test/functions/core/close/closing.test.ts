import { describe, expect, it } from 'vitest';
import { closeRequestSchema } from '../../../../functions/core/close/closing.ts';

const close = (failure: object) =>
  closeRequestSchema.parse({ jobId: 'a', startedAt: '2026-11-23T22:00:00Z', failures: [failure] }).failures[0];

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
