import type { Quote } from '../pick/quote.ts';
import { shardSize } from './cut-shards.ts';

const hour = 3600;
/** AWS Batch's advice is 3 to 5 minutes of work in a job at least. */
const shortest = 300;

/**
 * Seconds of rendering that a shard aims at. Every shard pays for a start, every loss for one more: Young's interval
 * sqrt(2 x start / losses per second) balances them (Communications of the ACM 17(9), 1974). At most one hour with the
 * start: EC2 does not bill an instance that it takes back in its first hour, and a slot is free for another job then.
 * @param slackSeconds until the deadline: half of it, so that a shard can be rendered twice; undefined: none
 */
export function shardSecondsFor({ startSeconds, lossesPerHour }: Quote, slackSeconds?: number): number {
  const balanced = lossesPerHour > 0 ? Math.sqrt((2 * startSeconds * hour) / lossesPerHour) : hour;
  const inTime = slackSeconds === undefined ? hour : slackSeconds / 2;
  return Math.max(shortest, Math.min(balanced, Math.min(hour, inTime) - startSeconds));
}

/**
 * Images of a shard: the best pool for all images sizes it; the best pool for such a shard, which may be a slower one, sizes it again.
 * @param bestFor the best pool for so many images
 * @param secondsFor of rendering in that pool
 */
export function shardImages(
  images: number,
  bestFor: (images: number) => Quote,
  secondsFor: (best: Quote) => number = shardSecondsFor,
): number {
  const sizeFor = (best: Quote) => Math.min(images, shardSize(images, best.secondsPerImage, secondsFor(best)));
  return sizeFor(bestFor(sizeFor(bestFor(images))));
}
