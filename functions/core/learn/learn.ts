import { type Weighted, weightedMedian } from '../median.ts';
import type { LearnedSpeed, PoolRecord } from './learned.ts';
import type { Layout, Lesson, SpeedSample } from './lesson.ts';

/** One attempt's share in what is known of a speed. `at`: milliseconds since the epoch. */
export interface KeptSample extends Pick<SpeedSample, 'secondsPerStep' | 'loadSeconds' | 'weight' | 'compileSeconds'> {
  readonly at: number;
}

/** What is stored of a model and size on an instance type. */
export interface SpeedMemory extends Pick<SpeedSample, 'model' | 'size' | 'instanceType' | 'layout'> {
  /** The newest first. */
  readonly samples: readonly KeptSample[];
}

/** What is stored of a pool. The counts are those at `at`, decayed to it; milliseconds since the epoch. */
export interface PoolMemory extends Pick<PoolRecord, 'pool' | 'hours' | 'losses' | 'refusals' | 'successes'> {
  readonly at: number;
  /** The refusals that were counted, the newest first. */
  readonly refusedAt: readonly number[];
  /** The newest first. */
  readonly boots: readonly { readonly at: number; readonly seconds: number }[];
}

/** A speed is a property of hardware and software: it changes by releases, not by days, so that it decays by attempts. */
const keptAttempts = 9;
/**
 * The attempt before counts 0.79 of this one. Three new ones (1 + 0.79 + 0.63 = 2.42) outweigh all six old ones behind
 * them (1.82): a figure that became wrong by any factor is forgotten after three attempts, one odd attempt never decides.
 */
const halfLifeAttempts = 3;
/**
 * Capacity is a matter of days: a pool that was reclaimed on Monday says little of Friday (a weight of 0.4), and a week
 * ago counts a fifth. Shorter, and a pool used once a night would be known by one night alone.
 */
const halfLifeMs = 3 * 86_400_000;
/** What compiling saves of a step until both ways were measured: published figures are 6 to 49 %. Assumed. */
const assumedGain = 0.15;
/** A pool without capacity cancels all that wait in it: one refusal, not forty. As long as it is closed then. */
const oneRefusalMs = 600_000;
/** An hour and a half of refusals: no end of an attempt is told later than that. */
const keptRefusals = 9;

const newestFirst = <T extends { readonly at: number }>(kept: readonly T[], one: T): readonly T[] =>
  [one, ...kept].toSorted((a, b) => b.at - a.at).slice(0, keptAttempts);

const faded = (index: number) => 0.5 ** (index / halfLifeAttempts);

export function learnSpeed(before: SpeedMemory | undefined, sample: SpeedSample, at: number): SpeedMemory {
  const { model, size, instanceType, layout, ...figures } = sample;
  const samples = newestFirst(before?.samples ?? [], { at, ...figures });
  const kept = fixed(before?.layout, layout);
  return { model, size, instanceType, samples, ...(kept ? { layout: kept } : {}) };
}

/** The first that was found, for good: the same recipe gives the same bits. Less only where memory ran out with it. */
function fixed(before: Layout | undefined, found: Layout | undefined): Layout | undefined {
  if (!before || !found) return before ?? found;
  return {
    computeBatch: Math.min(before.computeBatch, found.computeBatch),
    decodeBatch: Math.min(before.decodeBatch, found.decodeBatch),
  };
}

export function toLearnedSpeed({ model, size, instanceType, samples, layout }: SpeedMemory): LearnedSpeed {
  const weighed = samples.map((sample, index) => ({ sample, weight: sample.weight * faded(index) }));
  const isCompiled = ({ sample }: { readonly sample: KeptSample }) => sample.compileSeconds !== undefined;
  const medianOf = (rows: typeof weighed, of: (sample: KeptSample) => number) =>
    weightedMedian(rows.map(({ sample, weight }): Weighted => ({ value: of(sample), weight })));
  const compiled = weighed.filter(isCompiled);
  const plain = weighed.filter((row) => !isCompiled(row));
  const compiledStep = medianOf(compiled, (sample) => sample.secondsPerStep);
  return {
    model,
    size,
    instanceType,
    secondsPerStep: plain.length
      ? medianOf(plain, (sample) => sample.secondsPerStep)
      : compiledStep / (1 - assumedGain),
    loadSeconds: medianOf(weighed, (sample) => sample.loadSeconds),
    weight: weighed.reduce((total, { weight }) => total + weight, 0),
    ...(layout ? { layout } : {}),
    ...(compiled.length
      ? {
          compiled: {
            secondsPerStep: compiledStep,
            compileSeconds: medianOf(compiled, (sample) => sample.compileSeconds ?? 0),
          },
        }
      : {}),
  };
}

const decay = (ms: number) => 0.5 ** (Math.max(0, ms) / halfLifeMs);

/** In whichever order the ends of attempts come: an old one counts what would be left of it. */
export function learnPool(before: PoolMemory | undefined, lesson: Lesson): PoolMemory {
  const at = Math.max(before?.at ?? lesson.at, lesson.at);
  const old = decay(at - (before?.at ?? at));
  const now = decay(at - lesson.at);
  const refusedAt = before?.refusedAt ?? [];
  const refused = lesson.end === 'refusal' && !refusedAt.some((other) => Math.abs(lesson.at - other) < oneRefusalMs);
  const add = (count = 0, by = 0) => count * old + by * now;
  const boot = lesson.bootSeconds;
  return {
    pool: lesson.pool,
    at,
    hours: add(before?.hours, lesson.hours),
    losses: add(before?.losses, Number(lesson.end === 'loss')),
    successes: add(before?.successes, Number(lesson.end === 'success')),
    refusals: add(before?.refusals, Number(refused)),
    refusedAt: refused ? [lesson.at, ...refusedAt].toSorted((a, b) => b - a).slice(0, keptRefusals) : refusedAt,
    boots:
      boot === undefined ? (before?.boots ?? []) : newestFirst(before?.boots ?? [], { at: lesson.at, seconds: boot }),
  };
}

export function toPoolRecord(memory: PoolMemory, now: number): PoolRecord {
  const left = decay(now - memory.at);
  const boots = memory.boots.map(({ seconds }, index): Weighted => ({ value: seconds, weight: faded(index) }));
  return {
    pool: memory.pool,
    hours: memory.hours * left,
    losses: memory.losses * left,
    refusals: memory.refusals * left,
    successes: memory.successes * left,
    ...(boots.length ? { bootSeconds: weightedMedian(boots) } : {}),
  };
}
