import type { InstanceFact } from './instance-facts.ts';
import type { OnDemandPrice, PlacementScore, SpotPrice } from './outlook.ts';
import type { Market } from './pools.ts';

export interface SpotMarket {
  /** The price at this moment of each type in each zone that offers it. */
  currentPrices(instanceTypes: readonly string[]): Promise<readonly SpotPrice[]>;
}

/** A Spot price from this time on, milliseconds since the epoch. */
export interface PriceChange extends SpotPrice {
  readonly at: number;
}

export interface PriceHistory {
  /** Every change of these types' Spot prices since that time, and the price that was in force then. */
  changes(instanceTypes: readonly string[], from: Date): Promise<readonly PriceChange[]>;
}

export interface OnDemandMarket {
  /** The price of each type that the region offers. */
  currentPrices(instanceTypes: readonly string[]): Promise<readonly OnDemandPrice[]>;
}

export interface InstanceFacts {
  /** Those of the types that the region offers and that have GPUs of NVIDIA. */
  describe(instanceTypes: readonly string[]): Promise<readonly InstanceFact[]>;
}

export interface PlacementScores {
  /** How likely one instance of any of the types is to be had, by zone. At least three types. */
  ofZones(instanceTypes: readonly string[]): Promise<readonly PlacementScore[]>;
}

export interface Scored {
  readonly scores: readonly PlacementScore[];
  /** ISO time */
  readonly until: string;
}

export interface ScoreMemory {
  /** Undefined where none were written, or none that can be read. */
  find(instanceTypes: readonly string[]): Promise<Scored | undefined>;
  write(instanceTypes: readonly string[], scored: Scored): Promise<void>;
}

export interface Quotas {
  /** The vCPUs that a quota of EC2 allows; undefined where AWS does not say. */
  vcpus(code: string): Promise<number | undefined>;
}

export interface InstanceUse {
  /** The vCPUs of the account's instances that run or start, by market and patterns of types; undefined where AWS does not say. */
  vcpus(market: Market, instanceTypes: readonly string[]): Promise<number | undefined>;
  /** Of these, what is none of our workers. */
  othersVcpus(market: Market, instanceTypes: readonly string[]): Promise<number | undefined>;
}
