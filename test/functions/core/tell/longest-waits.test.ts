import { describe, expect, it } from 'vitest';
import { longestWaits } from '../../../../functions/core/tell/longest-waits.ts';
import { aWait, startedAt } from '../../../fakes/builders.ts';

const at = (seconds: number) => new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
const createdAt = startedAt;
const wait = aWait({ sentence: 'no capacity' });
const pause = (seconds: number) => ({ version: 1, shard: 0, from: startedAt, seconds, reason: `${seconds}` }) as const;

describe('the longest waits of a job', () => {
  it.each([
    ['the container started', { startedAt: at(60), wait: { ...wait, until: at(50) }, stoppedAt: at(90) }, 60],
    ['the waiting ended', { wait: { ...wait, until: at(50) }, stoppedAt: at(90) }, 50],
    ['the attempt ended', { wait, stoppedAt: at(90) }, 90],
  ])('are from the submit until %s', (_, line, seconds) => {
    expect(longestWaits([{ createdAt, ...line }], [])).toEqual([{ seconds, reason: 'no capacity' }]);
  });

  it.each([
    ['nobody said why', { createdAt, startedAt: at(60) }],
    ['the submit is not known', { startedAt: at(60), wait }],
    ['no end is known', { createdAt, wait }],
  ])('are none where %s', (_, line) => {
    expect(longestWaits([line], [])).toEqual([]);
  });

  it('are three at most, of attempts and of shards without a pool, the longest first', () => {
    const line = { createdAt, startedAt: at(60), wait };
    const waits = longestWaits([line], [pause(10), pause(90), pause(70)]);
    expect(waits.map(({ reason }) => reason)).toEqual(['90', '70', 'no capacity']);
    expect(longestWaits([line], [pause(90)], 1)).toEqual([{ seconds: 90, reason: '90' }]);
  });

  it('are a second at least', () => {
    expect(longestWaits([], [pause(0.9), pause(1)])).toEqual([{ seconds: 1, reason: '1' }]);
  });
});
