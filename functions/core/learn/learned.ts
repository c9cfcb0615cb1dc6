import type { Layout, Lesson } from './lesson.ts';

/**
 * What the ledger learned of a model on an instance type. `size` is `<width>x<height>`; seconds are per denoising step
 * of one image, so that recipes of other lengths can be reckoned from it.
 */
export interface LearnedSpeed {
  readonly model: string;
  readonly size: string;
  readonly instanceType: string;
  readonly secondsPerStep: number;
  readonly loadSeconds: number;
  /** Attempts behind the figures, those of long ago counting less. */
  readonly weight: number;
  /** The compute batch that a worker found or, when it ran out of memory, had to take; absent: none was told. */
  readonly layout?: Layout;
  /** Compiled: the same per step, and what compiling takes; absent: never seen. */
  readonly compiled?: { readonly secondsPerStep: number; readonly compileSeconds: number };
}

/** What the ledger learned of a pool; counts decay, so that a bad week is forgotten. */
export interface PoolRecord {
  /** id of the pool */
  readonly pool: string;
  /** Instance hours seen, and what happened in them. */
  readonly hours: number;
  readonly losses: number;
  readonly refusals: number;
  readonly successes: number;
  /** From SubmitJob to the start of the container, median seconds; absent: never seen. */
  readonly bootSeconds?: number;
}

/** What attempts taught of models and pools. */
export interface Learned {
  all(): Promise<{ readonly speeds: readonly LearnedSpeed[]; readonly records: readonly PoolRecord[] }>;
  /** The same attempt counts once. False where it counted before. */
  add(lesson: Lesson): Promise<boolean>;
}
