import { describe, expect, it } from 'vitest';
import { eventsLeft } from '../../../../functions/core/shard/patience.ts';
import { attemptKey, pauseKey, progressKey, settlementKey } from '../../../../functions/core/storage/keys.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the events that an execution has left', () => {
  const waits = (count: number) => range(count).map((number) => pauseKey('job-1', 7, number));

  it('are for 30 a wait what its shards, 40 each, leave of 20,000', () => {
    expect(eventsLeft(200, waits(399))).toBe('few');
    expect(eventsLeft(200, waits(400))).toBe('none');
    expect(eventsLeft(1, waits(665))).toBe('few');
    expect(eventsLeft(1, waits(666))).toBe('none');
  });

  it('are few once half of those are used', () => {
    expect(eventsLeft(200, waits(199))).toBe('plenty');
    expect(eventsLeft(200, waits(200))).toBe('few');
  });

  it('go by 25 for each attempt after the first of a shard', () => {
    const first = range(2000).map((shard) => settlementKey('job-1', shard, 1));
    const later = (count: number) => range(count).map((number) => settlementKey('job-1', 0, number + 1));
    expect(eventsLeft(200, [...first, ...later(479)])).toBe('few');
    expect(eventsLeft(200, [...first, ...later(480)])).toBe('none');
  });

  it('do not go by what a worker says', () => {
    const words = range(2000).flatMap((attempt) => [attemptKey('job-1', 0, attempt), progressKey('job-1', 0, attempt)]);
    expect(eventsLeft(200, words)).toBe('plenty');
  });
});
