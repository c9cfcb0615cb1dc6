import { duration } from '../../functions/core/duration.ts';
import type { ShardState } from './job-progress.ts';

const bar = (share: number, cells: number) => '█'.repeat(Math.round(share * cells)).padEnd(cells, '░');

/** More shards than that are summed up: the lines of the workflow need room, too. */
const mostShards = 8;

function paceOf({ imagesPerSecond, secondsLeft, done, total, wait, pool }: ShardState): string {
  if (wait) return `waits for a pool: ${wait}`;
  if (done === total) return 'closing';
  if (imagesPerSecond === undefined || secondsLeft === undefined) return `in ${pool}: starting, or its first images`;
  return `${imagesPerSecond.toPrecision(2)} images/s, ${duration(secondsLeft)} left, in ${pool}`;
}

/** A bar with its pace for each shard at work, and one for all images at the end. */
export function progressLines(
  { done, total, seconds }: { readonly done: number; readonly total: number; readonly seconds: number },
  shards: readonly ShardState[],
): readonly string[] {
  const shown = shards.slice(0, mostShards);
  const more = shards.length - shown.length;
  return [
    ...shown.map(
      (shard) =>
        `shard ${shard.shard}  ${bar(shard.done / shard.total, 12)} ${shard.done}/${shard.total}, ${paceOf(shard)}`,
    ),
    ...(more ? [`and ${more} more shards at work`] : []),
    `${bar(done / total, 30)} ${done}/${total} images, ${duration(seconds)}${leftOf(shards)}`,
  ];
}

/** The slowest of the shards that run; those that have not begun are not known. */
function leftOf(shards: readonly ShardState[]): string {
  const left = shards.flatMap(({ secondsLeft }) => secondsLeft ?? []);
  return left.length && left.length === shards.length ? `, about ${duration(Math.max(...left))} left` : '';
}
