/** How often pools may refuse a shard: 150 times of ten minutes each are a day. */
export const mostRefusals = 150;
/** How often a shard may wait for a pool to open again, ten minutes at most each: about eight hours. */
export const mostWaits = 64;

/** Of a shard without a mishap; and from one *Find missing images* to the next, as counted in `test/machine/limits.test.ts`. */
export const eventsOf = { shard: 40, attempt: 25, wait: 21 };

/**
 * Step Functions ends an execution after 25,000 events, whatever its shards still hope for. 2,000 are to spare: for the
 * end, and for what forty shards do between one look at the files and the next.
 */
const mostEvents = 23_000;

const later = /-(?:[2-9]|[1-9]\d+)\.settled\.json$/;
const pause = /\.pause\.json$/;

/**
 * Whether the execution of a job has events left for another attempt or another wait.
 * @param shards of the job, each of which must be able to begin
 * @param keys of what its attempts and its waits have left
 */
export function mayGoOn(shards: number, keys: readonly string[]): boolean {
  const count = (kind: RegExp) => keys.filter((key) => kind.test(key)).length;
  return shards * eventsOf.shard + count(later) * eventsOf.attempt + count(pause) * eventsOf.wait < mostEvents;
}
