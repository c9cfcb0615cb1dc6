/** A pool that refused, closed for every job of the account. */
export interface ClosedPool {
  /** id of the pool */
  readonly pool: string;
  /** ISO time */
  readonly until: string;
}

export interface ClosedPools {
  /** Closes the pool, unless it is closed. True where this call did. */
  close(closed: ClosedPool): Promise<boolean>;
  /** Those that are closed now. */
  list(): Promise<readonly ClosedPool[]>;
}
