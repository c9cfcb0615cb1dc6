import { warmBootSeconds } from '../pick/around-container.ts';
import { usdForSeconds } from '../pick/cost-model.ts';
import { refusalSeconds } from '../pick/deadline.ts';
import type { Quote } from '../pick/quote.ts';
import { slowSeconds } from '../pick/spread.ts';
import { nineOfTen } from '../pick/survival.ts';

/** The shards of one model, each as long as this quote, which is that of an instance of its own. */
export interface PlannedShards {
  readonly quote: Quote;
  readonly shards: number;
}

export interface Range {
  /** What is expected. */
  readonly p50: number;
  /**
   * Nine of ten jobs stay below: every shard starts and renders as slowly as one in ten does (an error of our figures is
   * the same in all shards), and as many are lost as in one job of ten (Poisson), each for one more start.
   */
  readonly p90: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const lossesIn = ({ quote, shards }: PlannedShards) => nineOfTen((quote.lossesPerHour * quote.seconds * shards) / 3600);

/** Of a shard that follows another on its instance: Batch keeps it for some minutes, the next shard comes within seconds. */
const bootSaved = ({ bootSeconds }: Quote) => Math.max(0, bootSeconds - warmBootSeconds);

/** Instances at once are booted and idle at the end; what comes after on each of them is not. */
function expectedUsd({ quote, shards }: PlannedShards, concurrency: number): number {
  const saved = usdForSeconds(quote.usdPerHour, bootSaved(quote) + quote.idleSeconds);
  return shards * quote.usd - Math.max(0, shards - concurrency) * saved;
}

function slowUsd(planned: PlannedShards, concurrency: number): number {
  const { quote, shards } = planned;
  const { start, render } = slowSeconds(quote);
  const slower = start + render - quote.seconds;
  const again = quote.startSeconds + quote.secondsPerImage / 2;
  return (
    expectedUsd(planned, concurrency) +
    usdForSeconds(quote.usdPerHour, shards * slower) +
    lossesIn(planned) * usdForSeconds(quote.usdPerHour, again)
  );
}

/** Both of them, so changed. */
export const mapRange = ({ p50, p90 }: Range, to: (value: number) => number): Range => ({ p50: to(p50), p90: to(p90) });

export function toCost(models: readonly PlannedShards[], concurrency: number): Range {
  return {
    p50: sum(models.map((planned) => expectedUsd(planned, concurrency))),
    p90: sum(models.map((planned) => slowUsd(planned, concurrency))),
  };
}

/** One round in nine of ten jobs, without losses. */
function slowRound({ quote }: PlannedShards): number {
  const { start, render } = slowSeconds(quote);
  return start + render;
}

/** Once per job: the last round meets a refusal or a loss where one in ten jobs does. */
function mishap(planned: PlannedShards): number {
  const { startSeconds, secondsPerImage, refusalChance } = planned.quote;
  return (lossesIn(planned) > 0 ? startSeconds + secondsPerImage : 0) + (refusalChance >= 0.1 ? refusalSeconds : 0);
}

/**
 * Rounds of shards one after the other, each as long as its longest shard; the first one boots. Seconds.
 * @param models at least one
 */
export function toReady(models: readonly PlannedShards[], concurrency: number): Range {
  const after = Math.ceil(sum(models.map(({ shards }) => shards)) / concurrency) - 1;
  const longest = (secondsOf: (planned: PlannedShards) => number) => Math.max(...models.map(secondsOf));
  const rounds = (secondsOf: (planned: PlannedShards) => number) =>
    longest(secondsOf) + after * longest((planned) => secondsOf(planned) - bootSaved(planned.quote));
  const p50 = rounds(({ quote }) => quote.expectedSeconds);
  return { p50, p90: Math.max(p50, rounds(slowRound) + longest(mishap)) };
}
