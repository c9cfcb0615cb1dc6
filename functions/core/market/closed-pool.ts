/** A pool that refused, closed for every job of the account. */
export interface ClosedPool {
  /** id of the pool */
  readonly pool: string;
  /** ISO time */
  readonly until: string;
}

export interface ClosedPools {
  /** Closes the pool; one that is closed from now on until then. */
  close(closed: ClosedPool): Promise<void>;
  /** Those that are closed now. */
  list(): Promise<readonly ClosedPool[]>;
}
