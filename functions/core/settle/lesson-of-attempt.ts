import { stepsDrawn } from '../input/recipe.ts';
import type { Lesson, SpeedSample } from '../learn/lesson.ts';
import { median } from '../median.ts';
import type { Shard } from '../plan/cut-shards.ts';
import type { Verdict } from '../shard/classify-end.ts';
import type { AttemptRecord } from './attempt-record.ts';
import type { Settlement } from './settlement.ts';

/** What is known of an attempt once it is settled. */
export interface SettledAttempt {
  readonly settlement: Settlement;
  readonly jobName: string;
  readonly verdict: Verdict;
  /** What its instance had run for others before; 0 or absent: it booted for this attempt. */
  readonly hostSeconds?: number;
  /** The worker's own record and its shard, where they can be read. */
  readonly record?: AttemptRecord;
  readonly shard?: Shard;
  /** milliseconds since the epoch: where Batch does not say when it ended */
  readonly now: number;
  /** The local mode: no instance was there, its times say nothing of one. */
  readonly simulated: boolean;
}

/** Fewer than four images are mostly the warm-up of the GPU. */
const trustedImages = 4;

/** A lesson is one transaction of DynamoDB, which writes 100 items: the attempt's mark, its pool, and these. */
const mostSizes = 98;

/** Ends that say something of the pool; the others are the job's own. */
const ends: Partial<Record<Verdict['outcome'], Lesson['end']>> = {
  Succeeded: 'success',
  SpotInterrupted: 'loss',
  NoSpotCapacity: 'refusal',
};

/** Without the first batch where there are others: it pays for the warm-up. */
const withoutWarmUp = <T>(images: readonly T[], batch: number) =>
  images.length > batch ? images.slice(batch) : images;

function toSamples({ settlement, record, shard }: SettledAttempt): readonly SpeedSample[] {
  if (!record || !shard || record.device === 'cpu') return [];
  const recipes = new Map(shard.images.map(({ hash, recipe }) => [hash, recipe]));
  const steps = record.images.flatMap(({ hash, seconds }) => {
    const recipe = recipes.get(hash);
    if (!recipe || seconds <= 0) return [];
    return [{ size: `${recipe.width}x${recipe.height}`, seconds: seconds / stepsDrawn(recipe) }];
  });
  const { importSeconds, loadSeconds } = record.phases;
  const bySize = [...Map.groupBy(steps, ({ size }) => size)].toSorted(([, a], [, b]) => b.length - a.length);
  return bySize.slice(0, mostSizes).map(([size, images]) => {
    const known = record.sizes?.[size];
    const { computeBatch, decodeBatch } = known ?? { computeBatch: Math.max(1, record.computeBatch), decodeBatch: 1 };
    return {
      model: shard.model,
      size,
      instanceType: settlement.pool.split('/')[1] ?? '',
      // The worker pads a short batch: its few images bear the time of a full one.
      secondsPerStep:
        median(withoutWarmUp(images, computeBatch).map(({ seconds }) => seconds)) *
        Math.min(1, images.length / computeBatch),
      loadSeconds: importSeconds + loadSeconds,
      weight: Math.min(1, images.length / trustedImages),
      ...(known ? { layout: { computeBatch, decodeBatch } } : {}),
      ...(known?.isCompiled ? { compileSeconds: known.warmUpSeconds } : {}),
    };
  });
}

/** What an attempt teaches of its pool, and of its model on that type. */
export function toLesson(attempt: SettledAttempt): Lesson {
  const { settlement, verdict, simulated } = attempt;
  const { CreatedAt: created, StartedAt: started, StoppedAt: stopped } = verdict.job ?? {};
  const knowsBoot = !simulated && !attempt.hostSeconds && created && started && started >= created;
  return {
    jobId: settlement.jobId,
    jobName: attempt.jobName,
    pool: settlement.pool,
    at: stopped ?? attempt.now,
    end: ends[verdict.outcome] ?? 'other',
    hours: (settlement.seconds + settlement.startSeconds + (settlement.idleSeconds ?? 0)) / 3600,
    ...(knowsBoot ? { bootSeconds: (started - created) / 1000 } : {}),
    speeds: simulated ? [] : toSamples(attempt),
  };
}
