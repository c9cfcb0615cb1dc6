import { billOf } from './bill.ts';
import { onDemand, type Policy, type Terms } from './policy.ts';
import { type JobResult, type Market, simulate } from './simulate.ts';

/** Of all jobs of a policy. */
export interface ReplayFigures {
  /** USD of all jobs over those of the lower bound. Every second is billed. */
  readonly costOverOptimal: number;
  /** Over the computing alone on demand, without a changeover. */
  readonly costOverOnDemand: number;
  readonly makespanOverCompute: number;
  /** Share of the jobs. */
  readonly deadlineMet: number;
  readonly lossesPerJob: number;
  readonly startsPerJob: number;
  readonly onDemandHoursPerJob: number;
  /** As `costOverOptimal`, by the product's settling: the first hour of a lost instance is free, volume and address are not. */
  readonly asBilledOverOptimal: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const round = (value: number) => Number(value.toFixed(4));

export function measurePolicy(
  policy: Policy,
  of: {
    readonly starts: readonly number[];
    readonly terms: Terms;
    readonly market: Market;
    readonly optimalUsd: number;
  },
): ReplayFigures {
  const { starts, terms, market, optimalUsd } = of;
  const results = simulate(policy, starts, terms, market);
  const mean = (value: (result: JobResult) => number) => sum(results.map(value)) / results.length;
  const usd = sum(results.map((result) => result.usd));
  const onDemandUsd = sum(starts.map((tick) => ((market.usdPerHour(onDemand, tick) ?? 0) * terms.workSeconds) / 3600));
  const billed = sum(results.flatMap(({ attempts }) => attempts.map((attempt) => billOf(attempt, terms))));
  return {
    costOverOptimal: round(usd / optimalUsd),
    costOverOnDemand: round(usd / onDemandUsd),
    makespanOverCompute: round(mean(({ makespanSeconds }) => makespanSeconds / terms.workSeconds)),
    deadlineMet: round(mean(({ makespanSeconds }) => Number(makespanSeconds <= terms.deadlineSeconds + 1e-6))),
    lossesPerJob: round(mean(({ losses }) => losses)),
    startsPerJob: round(mean((result) => result.starts)),
    onDemandHoursPerJob: round(mean(({ onDemandSeconds }) => onDemandSeconds / 3600)),
    asBilledOverOptimal: round(billed / optimalUsd),
  };
}
