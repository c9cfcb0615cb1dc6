import { describe, expect, it } from 'vitest';
import { mayGoOn } from '../../../../functions/core/shard/patience.ts';
import { attemptKey, pauseKey, progressKey, settlementKey } from '../../../../functions/core/storage/keys.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the events of an execution', () => {
  it('are 40 for each shard, 21 for each wait', () => {
    const waits = (count: number) => range(count).map((number) => pauseKey('job-1', 7, number));
    // 23,000 - 200 x 40 = 15,000 = 714.3 x 21
    expect(mayGoOn(200, waits(714))).toBe(true);
    expect(mayGoOn(200, waits(715))).toBe(false);
    expect(mayGoOn(1, waits(715))).toBe(true);
  });

  it('are 25 for each attempt after the first of a shard', () => {
    const first = range(2000).map((shard) => settlementKey('job-1', shard, 1));
    const later = (count: number) => range(count).map((number) => settlementKey('job-1', 0, number + 1));
    expect(mayGoOn(200, [...first, ...later(599)])).toBe(true);
    expect(mayGoOn(200, [...first, ...later(600)])).toBe(false);
  });

  it('are none for what a worker says', () => {
    const words = range(2000).flatMap((attempt) => [attemptKey('job-1', 0, attempt), progressKey('job-1', 0, attempt)]);
    expect(mayGoOn(200, words)).toBe(true);
  });
});
