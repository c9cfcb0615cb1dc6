import type { InstanceType } from '../../functions/core/market/instance-types.ts';

/** Where a job runs: the name of a zone (on Spot), or on demand. */
export type Place = string;
export const onDemand: Place = 'on-demand';

/** What a policy knows at a tick. Seconds. */
export interface Situation {
  /** Since the beginning of the recording. */
  readonly now: number;
  /** Computing that is left, without changeovers. */
  readonly workSeconds: number;
  readonly untilDeadline: number;
  /** Where the job runs; undefined: nowhere. */
  readonly running?: Place;
  /** The zone that took the job's instance back at this tick. */
  readonly lost?: Place;
  /** USD per hour at this tick; undefined where the zone has no price. */
  usdPerHour(place: Place): number | undefined;
  /**
   * Asks a zone for an instance at this tick: the only way to learn of its availability. A refusal comes within the tick
   * and costs nothing.
   */
  ask(place: Place): boolean;
}

export type Move = { readonly do: 'keep' } | { readonly do: 'wait' } | { readonly do: 'start'; readonly place: Place };

export const keep: Move = { do: 'keep' };
export const wait: Move = { do: 'wait' };
export const start = (place: Place): Move => ({ do: 'start', place });

/** How one attempt ended, for those who learn. Seconds. */
export interface AttemptOutcome {
  readonly place: Place;
  readonly seconds: number;
  readonly startedAt: number;
  readonly end: 'done' | 'lost' | 'left';
}

/** One job's decisions. */
export interface Decider {
  decide(situation: Situation): Move;
  ended?(outcome: AttemptOutcome): void;
}

/** What is the same for all jobs of a simulation. */
export interface Terms {
  readonly workSeconds: number;
  readonly deadlineSeconds: number;
  readonly changeoverSeconds: number;
  readonly gapSeconds: number;
  readonly zones: readonly { readonly name: string; readonly region: string }[];
  /** The type whose Spot market is replayed. */
  readonly type: InstanceType;
  readonly imagesPerSecond: number;
}

/** Made once per simulation: what it keeps between its jobs is its ledger. */
export interface Policy {
  readonly name: string;
  startJob(job: number): Decider;
}

export const slackOf = ({ untilDeadline, workSeconds }: Situation) => untilDeadline - workSeconds;
