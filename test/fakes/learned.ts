import {
  learnPool,
  learnSpeed,
  type PoolMemory,
  type SpeedMemory,
  toLearnedSpeed,
  toPoolRecord,
} from '../../functions/core/learn/learn.ts';
import type { Learned } from '../../functions/core/learn/learned.ts';
import type { Lesson } from '../../functions/core/learn/lesson.ts';

export interface FakeLearned extends Learned {
  /** Those that counted. */
  readonly lessons: readonly Lesson[];
}

export function makeFakeLearned(now: () => number): FakeLearned {
  const lessons: Lesson[] = [];
  const speeds = new Map<string, SpeedMemory>();
  const pools = new Map<string, PoolMemory>();
  return {
    lessons,
    all: async () => ({
      speeds: [...speeds.values()].map(toLearnedSpeed),
      records: [...pools.values()].map((memory) => toPoolRecord(memory, now())),
    }),
    add: async (lesson) => {
      if (!lesson.jobId || !lesson.jobName || !lesson.pool)
        throw new TypeError('Expected a lesson of an attempt in a pool');
      if (lessons.some(({ jobId, jobName }) => jobId === lesson.jobId && jobName === lesson.jobName)) return false;
      lessons.push(lesson);
      pools.set(lesson.pool, learnPool(pools.get(lesson.pool), lesson));
      for (const sample of lesson.speeds) {
        const key = `${sample.model} ${sample.size} ${sample.instanceType}`;
        speeds.set(key, learnSpeed(speeds.get(key), sample, lesson.at));
      }
      return true;
    },
  };
}
