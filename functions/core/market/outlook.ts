import type { LearnedSpeed, PoolRecord } from '../learn/learned.ts';
import type { IdleInstance } from '../slots/slot-request.ts';
import type { ClosedPool } from './closed-pool.ts';
import type { InstanceType } from './instance-types.ts';

/** A current Spot price: USD per hour of one type in one zone. */
export interface SpotPrice {
  readonly azId: string;
  readonly instanceType: string;
  readonly usdPerHour: number;
}

/** USD per hour of one type on demand. */
export interface OnDemandPrice {
  readonly instanceType: string;
  readonly usdPerHour: number;
}

/** What is free of a quota, in vCPUs; undefined: not known. */
export interface QuotaRoom {
  readonly code: string;
  readonly name: string;
  readonly have?: number;
  /** Taken by slots of the ledger and by others. */
  readonly used?: number;
  /** Of these, what instances take that are none of our workers: `have` less this is what slots may hold. */
  readonly others?: number;
  /** There is room, and another job, which holds less, comes first. */
  readonly yields?: boolean;
}

/** AWS Spot Advisor's band of interruptions a month, by type: 0 is below 5 %, 4 above 20 %. */
export interface AdvisorBand {
  readonly instanceType: string;
  readonly band: 0 | 1 | 2 | 3 | 4;
}

/** GetSpotPlacementScores: 1 to 10 for a zone and a set of types. */
export interface PlacementScore {
  readonly azId: string;
  readonly score: number;
}

/** Everything that is known when a pool is picked or a job is planned. Nothing in it is required but the types. */
export interface Outlook {
  readonly types: readonly InstanceType[];
  readonly spotPrices: readonly SpotPrice[];
  readonly onDemandPrices: readonly OnDemandPrice[];
  readonly speeds: readonly LearnedSpeed[];
  readonly records: readonly PoolRecord[];
  readonly advisor: readonly AdvisorBand[];
  readonly quotas: readonly QuotaRoom[];
  /** Instances that wait for Batch to end them: a job of the same pool starts on them at once. */
  readonly idle: readonly IdleInstance[];
  readonly closedForAll: readonly ClosedPool[];
  readonly scores: readonly PlacementScore[];
  /** What could not be read, one sentence each: the choice goes on with what is known. */
  readonly gaps: readonly string[];
}

/** Where nothing can be read. */
export const emptyOutlook: Outlook = {
  types: [],
  spotPrices: [],
  onDemandPrices: [],
  speeds: [],
  records: [],
  advisor: [],
  quotas: [],
  idle: [],
  closedForAll: [],
  scores: [],
  gaps: [],
};

/** Of these instance types. */
export type ReadOutlook = (instanceTypes: readonly string[]) => Promise<Outlook>;
