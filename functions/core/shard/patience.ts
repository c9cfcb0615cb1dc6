/**
 * Step Functions ends an execution after 25,000 events. 200 shards without a mishap take 8,000 of them; these are for refusals
 * and for waits, with 2,000 to spare for the end.
 */
const events = { refusals: 9000, waits: 6000 };
/** From one *Find missing images* to the next, as counted in `test/machine/limits.test.ts`. */
export const eventsOf = { refusal: 25, wait: 21 };

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.floor(value)));

/**
 * How often pools may refuse a shard: alone, 150 times of ten minutes each are a day.
 * @param atOnce shards of the job that run, and may be refused, at once
 */
export const mostRefusals = (atOnce: number) => within(events.refusals / (eventsOf.refusal * atOnce), 10, 150);

/** How often a shard may wait for a pool to open again, ten minutes at most each: 64 times are about eight hours. */
export const mostWaits = (atOnce: number) => within(events.waits / (eventsOf.wait * atOnce), 8, 64);
