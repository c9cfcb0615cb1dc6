import { describe, expect, it } from 'vitest';
import { parseProgress } from '../../../../functions/core/tell/attempt-progress.ts';

const written = {
  ...{ version: 1, jobId: 'night', shard: 0, attempt: 1, done: 3, total: 9 },
  ...{ imagesPerSecond: null, secondsLeft: null, at: '2026-11-30T12:00:00Z' },
};

describe('the progress of a worker', () => {
  it('is read as the worker writes it', () => {
    expect(parseProgress(JSON.stringify(written))).toMatchObject({ done: 3, total: 9, imagesPerSecond: null });
  });

  it.each([
    '',
    'null',
    '{',
    '[]',
    JSON.stringify({ ...written, version: 2 }),
    JSON.stringify({ ...written, done: -1 }),
  ])('is none where the text is %j', (text) => {
    expect(parseProgress(text)).toBeUndefined();
  });
});
