import type { ClosedPool } from '../market/closed-pool.ts';
import { capacityReason } from './wait-verdict.ts';

/**
 * Ten minutes: as long as Batch itself lets a job wait for capacity at least, and a first retry that is not a queue of
 * shards running into the same wall. A pool that has capacity again sooner is missed for minutes, never for good.
 */
const closedSeconds = 600;

export const closeUntil = (now: number) => new Date(now + closedSeconds * 1000).toISOString();

/** `22:10 UTC` */
const timeOf = (iso: string) => `${iso.slice(11, 16)} UTC`;

const prefix = 'closed for all jobs';

/** Why a pool is left out of a ranking. */
export const closedForAll = (closed: ClosedPool) => `${prefix} until ${timeOf(closed.until)}: no capacity`;

export const isClosedForAll = (reason: string) => reason.startsWith(prefix);

/** The reason of each job that is cancelled with its pool; `classify-end.ts` reads it as NoSpotCapacity. */
export const cancelReason = ({ pool, until }: ClosedPool) =>
  `${capacityReason}: pool ${pool} ${prefix} until ${timeOf(until)}`;
