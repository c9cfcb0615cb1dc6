import type { Tried } from './attempt.ts';
import { slotWaits } from './next-step.ts';

/** A time in which a shard waited: all pools refused, the quota was full, or AWS had trouble. Kept beside its attempts, for the report. */
export interface Pause {
  readonly version: 1;
  readonly shard: number;
  /** ISO time */
  readonly from: string;
  readonly seconds: number;
  /** One sentence: why. */
  readonly reason: string;
}

/** The next pause of the shard: the same in a repeated call. */
export const pauseNumber = ({ waits, counts }: Tried) =>
  waits + (counts[slotWaits] ?? 0) + (counts.ServiceUnavailable ?? 0) + 1;
