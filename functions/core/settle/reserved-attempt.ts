import type { Priced } from '../pick/pick-schema.ts';

/** What a reservation remembers of its attempt: enough to settle it when the workflow is gone. */
export interface ReservedAttempt extends Priced {
  readonly shard: number;
  readonly attempt: number;
}
