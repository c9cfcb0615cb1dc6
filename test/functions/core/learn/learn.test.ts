import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  learnPool,
  learnSpeed,
  type PoolMemory,
  type SpeedMemory,
  toLearnedSpeed,
  toPoolRecord,
} from '../../../../functions/core/learn/learn.ts';
import type { Lesson, SpeedSample } from '../../../../functions/core/learn/lesson.ts';
import { aLesson, aSample } from '../../../fakes/lesson.ts';

const start = aLesson().at;
const minute = 60_000;
const day = 86_400_000;

/** One attempt a minute, in this order. */
const learnAll = (samples: readonly Partial<SpeedSample>[]): SpeedMemory =>
  samples.reduce<SpeedMemory | undefined>(
    (memory, sample, index) => learnSpeed(memory, aSample(sample), start + index * minute),
    undefined,
  ) ?? { ...aSample(), samples: [] };
const stepsOf = (...seconds: readonly number[]) =>
  toLearnedSpeed(learnAll(seconds.map((secondsPerStep) => ({ secondsPerStep }))));

describe('what is kept of a speed', () => {
  it('is one attempt at first', () => {
    expect(learnSpeed(undefined, aSample({ weight: 0.5 }), start)).toEqual({
      model: 'sd-1.5',
      size: '512x512',
      instanceType: 'g6.xlarge',
      samples: [{ at: start, secondsPerStep: 0.07, loadSeconds: 20, weight: 0.5 }],
    });
  });

  it('are the last nine attempts, the newest first, in whichever order they are told', () => {
    const times = [3, 11, 1, 7, 2, 10, 5, 9, 4, 8, 6];
    const memory = times.reduce<SpeedMemory | undefined>((before, at) => learnSpeed(before, aSample(), at), undefined);
    expect(memory?.samples.map(({ at }) => at)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });
});

describe('what is known of a speed', () => {
  it('weighs each attempt 0.79 of the one after it: half after three', () => {
    expect(stepsOf(1).weight).toBe(1);
    expect(stepsOf(1, 1).weight).toBeCloseTo(1 + 0.5 ** (1 / 3), 9);
    expect(stepsOf(1, 1, 1, 1).weight).toBeCloseTo(1 + 0.5 ** (1 / 3) + 0.5 ** (2 / 3) + 0.5, 9);
  });

  it('counts an attempt of few images for as much as it is to be trusted', () => {
    expect(toLearnedSpeed(learnAll([{ weight: 0.25 }])).weight).toBe(0.25);
    const two = toLearnedSpeed(learnAll([{ secondsPerStep: 1 }, { secondsPerStep: 3, weight: 0.25 }]));
    expect(two.secondsPerStep).toBe(1);
    expect(two.weight).toBeCloseTo(0.25 + 0.5 ** (1 / 3), 9);
  });

  it('is a median, of the start as of the steps', () => {
    const memory = learnAll([
      { secondsPerStep: 3, loadSeconds: 10 },
      { secondsPerStep: 1, loadSeconds: 30 },
      { secondsPerStep: 2, loadSeconds: 20 },
    ]);
    expect(toLearnedSpeed(memory)).toMatchObject({ secondsPerStep: 2, loadSeconds: 20 });
  });

  it('is never decided by one odd attempt, be it the newest', () => {
    const odd = fc.oneof(
      fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      fc.double({ min: 1.1, max: 1000, noNaN: true }),
    );
    fc.assert(
      fc.property(odd, fc.integer({ min: 3, max: 12 }), fc.nat(11), (wrong, count, place) => {
        const seconds = Array.from({ length: count }, (_, index) => (index === place % count ? wrong : 1));
        expect(stepsOf(...seconds).secondsPerStep).toBe(1);
      }),
    );
  });

  it('forgets any number of wrong attempts after three right ones, and not before', () => {
    for (const wrong of [3, 1 / 3]) {
      const before = Array.from({ length: 9 }, () => wrong);
      expect(stepsOf(...before, 1, 1).secondsPerStep).toBe(wrong);
      expect(stepsOf(...before, 1, 1, 1).secondsPerStep).toBe(1);
    }
  });
});

describe('what is kept of a pool', () => {
  it.each([
    ['success', { successes: 1 }],
    ['loss', { losses: 1 }],
    ['refusal', { refusals: 1 }],
    ['other', {}],
  ] as const)('counts a %s', (end, counted) => {
    const memory = learnPool(undefined, aLesson({ end }));
    expect(memory).toEqual({
      pool: 'use1-az1/g6.xlarge/spot',
      at: start,
      hours: 0.25,
      losses: 0,
      refusals: 0,
      successes: 0,
      ...counted,
      refusedAt: end === 'refusal' ? [start] : [],
      boots: [{ at: start, seconds: 180 }],
    });
  });

  it('decays by half in three days, while nothing happens and between what happens', () => {
    const first = learnPool(undefined, aLesson({ end: 'loss', hours: 2 }));
    expect(toPoolRecord(first, start + 3 * day)).toMatchObject({ hours: 1, losses: 0.5, successes: 0 });
    const second = learnPool(first, aLesson({ end: 'success', hours: 2, at: start + 3 * day }));
    expect(toPoolRecord(second, start + 3 * day)).toMatchObject({ hours: 1 + 2, losses: 0.5, successes: 1 });
    expect(toPoolRecord(second, start + 6 * day)).toMatchObject({ hours: 1.5, losses: 0.25, successes: 0.5 });
  });

  it('forgets refusals as it does losses', () => {
    const refused = learnPool(undefined, aLesson({ end: 'refusal' }));
    expect(toPoolRecord(refused, start + 6 * day).refusals).toBe(0.25);
  });

  it('does not grow by a clock that goes back', () => {
    expect(toPoolRecord(learnPool(undefined, aLesson()), start - day)).toMatchObject({ hours: 0.25, successes: 1 });
  });

  it('counts one refusal where a pool without capacity cancels all that wait in it, for as long as it is closed', () => {
    const refuse = (memory: PoolMemory | undefined, at: number) =>
      learnPool(memory, aLesson({ end: 'refusal', at: start + at }));
    const refusals = (...times: readonly number[]) =>
      times.reduce<PoolMemory | undefined>(refuse, undefined)?.refusals ?? 0;
    expect(refusals(0, 1, 2, 599_999)).toBeCloseTo(1, 2);
    expect(refusals(0, 600_000)).toBeCloseTo(2, 2);
    // the pool was open again after ten minutes, whoever was cancelled meanwhile
    expect(refusals(0, 300_000, 720_000)).toBeCloseTo(2, 2);
    expect(refusals(599_999, 0)).toBeCloseTo(1, 2);
    expect(refusals(600_000, 0)).toBeCloseTo(2, 2);
  });

  it('remembers the last nine refusals that it counted', () => {
    const times = Array.from({ length: 12 }, (_, index) => start + index * day);
    const memory = times.reduce<PoolMemory | undefined>(
      (before, at) => learnPool(before, aLesson({ end: 'refusal', at })),
      undefined,
    );
    expect(memory?.refusedAt).toEqual(times.slice(3).reverse());
    const late = learnPool(memory, aLesson({ end: 'refusal', at: start + 5.5 * day }));
    expect(late.refusedAt).toEqual([...times.slice(6).reverse(), start + 5.5 * day, ...times.slice(4, 6).reverse()]);
  });

  it('keeps the last nine boots, and their median for the record', () => {
    const boots = [300, 100, 200];
    const memory = boots.reduce<PoolMemory | undefined>(
      (before, bootSeconds, index) => learnPool(before, aLesson({ bootSeconds, at: start + index })),
      undefined,
    );
    expect(memory?.boots.map(({ seconds }) => seconds)).toEqual([200, 100, 300]);
    expect(memory && toPoolRecord(memory, start).bootSeconds).toBe(200);
    const many = Array.from({ length: 12 }, (_, index) => index).reduce<PoolMemory | undefined>(
      (before, index) => learnPool(before, aLesson({ at: start + index })),
      undefined,
    );
    expect(many?.boots).toHaveLength(9);
  });

  it('weighs newer boots more, as it does speeds', () => {
    const bootsOf = (...seconds: readonly number[]) => {
      const memory = seconds.reduce<PoolMemory | undefined>(
        (before, bootSeconds, index) => learnPool(before, aLesson({ bootSeconds, at: start + index })),
        undefined,
      );
      return memory && toPoolRecord(memory, start).bootSeconds;
    };
    expect(bootsOf(9, 9, 9, 9, 9, 9, 1, 1)).toBe(9);
    expect(bootsOf(9, 9, 9, 9, 9, 9, 1, 1, 1)).toBe(1);
  });

  it('knows no boot of attempts that did not tell theirs', () => {
    const quiet = learnPool(undefined, aLesson({ bootSeconds: undefined }));
    expect(quiet.boots).toEqual([]);
    expect(toPoolRecord(quiet, start)).not.toHaveProperty('bootSeconds');
    const told = learnPool(undefined, aLesson());
    expect(learnPool(told, aLesson({ bootSeconds: undefined, at: start + 1 })).boots).toEqual(told.boots);
  });
});

describe('the order in which attempts are reported', () => {
  const lesson = fc.record({
    /** Hours apart, so that each closing of the pool stands for itself. */
    hour: fc.nat(40),
    second: fc.nat(599),
    end: fc.constantFrom<Lesson['end']>('success', 'loss', 'refusal', 'other'),
    hours: fc.double({ min: 0, max: 5, noNaN: true }),
  });

  it('changes nothing in the counts of the pool', () => {
    fc.assert(
      fc.property(fc.array(lesson, { minLength: 1, maxLength: 9 }), fc.func(fc.nat()), (told, by) => {
        const lessons = told.map(({ hour, second: at, end, hours }, index) =>
          aLesson({
            jobName: `a${index}`,
            at: start + hour * 3_600_000 + at * 1000,
            end,
            hours,
            bootSeconds: undefined,
          }),
        );
        const shuffled = lessons.toSorted((a, b) => by(a.jobName) - by(b.jobName));
        const now = start + 3 * day;
        const recordOf = (all: readonly Lesson[]) => {
          const memory = all.reduce<PoolMemory | undefined>(learnPool, undefined);
          if (!memory) throw new Error('Expected lessons');
          return toPoolRecord(memory, now);
        };
        const [one, other] = [recordOf(lessons), recordOf(shuffled)];
        for (const key of ['hours', 'losses', 'successes'] as const) expect(other[key]).toBeCloseTo(one[key], 9);
        // Of one closing another refusal may count: ten minutes are 0.2 % of the half-life.
        expect(Math.abs(other.refusals - one.refusals)).toBeLessThan(0.002 * one.refusals + 1e-9);
      }),
    );
  });
});
