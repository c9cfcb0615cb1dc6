import type { ReservedAttempt } from './reserved-attempt.ts';

/** An attempt whose worst case is set aside. */
export interface Reservation {
  readonly jobId: string;
  readonly jobName: string;
  readonly queue: string;
  readonly usd: number;
  /** What Clean up job needs to settle it; absent: written by an older version. */
  readonly attempt?: ReservedAttempt;
}

/** What a job may still spend; conditional updates, so that parallel shards can't overspend. */
export interface Ledger {
  /**
   * Sets `usd` aside. False where it does not fit `maxUsd`, or 90 % of it are spent or set aside (`budget.ts`).
   * The same attempt reserves once; a later call replaces what stands there until it is settled.
   */
  reserve(reservation: Reservation, maxUsd?: number): Promise<boolean>;
  /** The most that this attempt may cost, its own reservation not counted; undefined: no limit. */
  left(jobId: string, jobName: string, maxUsd?: number): Promise<number | undefined>;
  /** Replaces the reservation by what was spent; a second call changes nothing. */
  settle(jobId: string, jobName: string, usd: number): Promise<void>;
  open(jobId: string): Promise<readonly Reservation[]>;
}
