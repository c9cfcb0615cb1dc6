import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shardSecondsFor } from '../../../../functions/core/plan/shard-length.ts';
import { aQuote } from '../../../fakes/builders.ts';

const seconds = (startSeconds: number, lossesPerHour: number, slackSeconds?: number) =>
  shardSecondsFor(aQuote({ startSeconds, lossesPerHour }), slackSeconds);

describe('how long a shard renders', () => {
  it.each([
    // sqrt(2 x 200 x 3600 / 0.4) = sqrt(3.6e6)
    ['balances the start against the losses', 200, 0.4, 1897.37],
    ['is longer for a longer start', 800, 1.6, 1897.37],
    ['is an hour with the start where nothing is lost', 200, 0, 3400],
    ['is an hour with the start where little is lost', 200, 0.01, 3400],
    ['is five minutes at least, whatever is lost', 200, 50, 300],
    ['is five minutes at least, however long the start takes', 3500, 0, 300],
  ])('%s', (_, startSeconds, lossesPerHour, expected) => {
    expect(seconds(startSeconds, lossesPerHour)).toBeCloseTo(expected, 2);
  });

  it.each([
    // Half of the slack, less the start.
    [2000, 800],
    [1010, 305],
    [900, 300],
    [0, 300],
    [-500, 300],
    [100_000, 3400],
  ])('with %i s to the deadline is %i: it can be rendered twice', (slack, expected) => {
    expect(seconds(200, 0, slack)).toBe(expected);
  });

  it('is never shorter than five minutes, longer with fewer losses, shorter with less time', () => {
    const start = fc.double({ min: 1, max: 5000, noNaN: true });
    const losses = fc.double({ min: 0, max: 100, noNaN: true });
    const slack = fc.double({ min: -1e4, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(start, losses, slack, (startSeconds, lossesPerHour, slackSeconds) => {
        const found = seconds(startSeconds, lossesPerHour, slackSeconds);
        expect(found).toBeGreaterThanOrEqual(300);
        expect(found).toBeLessThanOrEqual(Math.max(300, 3600 - startSeconds));
        expect(found).toBeLessThanOrEqual(seconds(startSeconds, lossesPerHour));
        expect(found).toBeLessThanOrEqual(seconds(startSeconds, lossesPerHour / 2, slackSeconds));
        expect(found).toBeLessThanOrEqual(seconds(startSeconds, lossesPerHour, slackSeconds + 60));
      }),
    );
  });
});
