import type { Lesson, SpeedSample } from '../../functions/core/learn/lesson.ts';
import { jobId, startedAt } from './builders.ts';

export const aSample = (over: Partial<SpeedSample> = {}): SpeedSample => ({
  model: 'sd-1.5',
  size: '512x512',
  instanceType: 'g6.xlarge',
  secondsPerStep: 0.07,
  loadSeconds: 20,
  weight: 1,
  ...over,
});

export const aLesson = (over: Partial<Lesson> = {}): Lesson => ({
  jobId,
  jobName: 'job-1-s0-a1',
  pool: 'use1-az1/g6.xlarge/spot',
  at: Date.parse(startedAt),
  end: 'success',
  hours: 0.25,
  bootSeconds: 180,
  speeds: [aSample()],
  ...over,
});
