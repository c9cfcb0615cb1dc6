/** How often pools may refuse a shard: 150 times of ten minutes each are a day. */
export const mostRefusals = 150;
/** How often a shard may wait for a pool to open again, ten minutes at most each: about eight hours. */
export const mostWaits = 64;

/**
 * Of a shard without a mishap; from one *Find missing images* to the next, as counted in `test/machine/limits.test.ts`; and
 * of three tries of *Pick spot pool* before an outage of AWS makes a shard wait.
 */
export const eventsOf = { shard: 40, attempt: 25, wait: 21, outage: 9 };

/**
 * Step Functions ends an execution after 25,000 events, whatever its shards still hope for. 5,000 are to spare: for the
 * end, for what forty shards do between one look at the files and the next, and for forty states that are tried 24 times.
 */
const mostEvents = 20_000;

/** `few`: half of what is there for mishaps is used up, who may go on demand does. `none`: nothing is tried again. */
export type EventsLeft = 'plenty' | 'few' | 'none';

const later = /-(?:[2-9]|[1-9]\d+)\.settled\.json$/;
const pause = /\.pause\.json$/;

/**
 * What the execution of a job has left of its events for more attempts and waits.
 * @param shards of the job, each of which must be able to begin
 * @param keys of what its attempts and its waits have left
 */
export function eventsLeft(shards: number, keys: readonly string[]): EventsLeft {
  const count = (kind: RegExp) => keys.filter((key) => kind.test(key)).length;
  const used = count(later) * eventsOf.attempt + count(pause) * (eventsOf.wait + eventsOf.outage);
  const forMishaps = mostEvents - shards * eventsOf.shard;
  if (used >= forMishaps) return 'none';
  return used >= forMishaps / 2 ? 'few' : 'plenty';
}
