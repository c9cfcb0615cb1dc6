import { describe, expect, it } from 'vitest';
import { errorTable } from '../../../../functions/core/errors.ts';
import { type SettledAttempt, toLesson } from '../../../../functions/core/settle/lesson-of-attempt.ts';
import { aRecord, aRecordOf, aSettlement, aShard, aVerdict, images } from '../../../fakes/builders.ts';

const job = { CreatedAt: 1_000_000, StartedAt: 1_150_000, StoppedAt: 1_550_000 };
const gpu = { device: 'NVIDIA L4', computeBatch: 1 };
const lessonOf = (over: Partial<SettledAttempt> = {}) =>
  toLesson({
    settlement: aSettlement(),
    jobName: 'job-1-s0-a1',
    verdict: aVerdict({ job }),
    now: 9_000_000,
    simulated: false,
    ...over,
  });

/** An attempt that rendered images of 20 steps and 64x64, each in so many seconds. */
function speedsOf(seconds: readonly number[], { batch = 1, over = {} as object } = {}) {
  const made = images(seconds.length);
  const record = aRecord({
    ...gpu,
    computeBatch: batch,
    images: made.map(({ hash }, index) => ({ hash, seconds: seconds[index] ?? 0, pixelHash: 'f' })),
    ...over,
  });
  return lessonOf({ record, shard: aShard({ images: made }) }).speeds;
}

it('holds at most what one transaction can write: the sizes of the most images', () => {
  const made = Array.from({ length: 99 }, (_, index) => images(index ? 2 : 1, { width: 64 + 8 * index })).flat();
  const record = aRecordOf(made, gpu);
  const sizes = lessonOf({ record, shard: aShard({ images: made }) }).speeds.map(({ size }) => size);
  expect(sizes).toHaveLength(98);
  expect(sizes).not.toContain('64x64');
});

describe('the lesson of a pool', () => {
  it('names the attempt, its pool and its hours on the instance', () => {
    const settlement = aSettlement({ seconds: 3600, startSeconds: 1200, idleSeconds: 600, jobId: 'job-7' });
    expect(lessonOf({ settlement, jobName: 'job-7-s1-a2' })).toMatchObject({
      jobId: 'job-7',
      jobName: 'job-7-s1-a2',
      pool: 'use1-az1/g6.xlarge/spot',
      hours: 1.5,
    });
    expect(lessonOf({ settlement: aSettlement({ seconds: 3390, startSeconds: 210 }) }).hours).toBe(1);
  });

  it.each(['Succeeded', ...errorTable.map(({ name }) => name)] as const)(
    'tells what %s says of the pool',
    (outcome) => {
      const said: Record<string, string> = { Succeeded: 'success', SpotInterrupted: 'loss', NoSpotCapacity: 'refusal' };
      expect(lessonOf({ verdict: aVerdict({ outcome, job }) }).end).toBe(said[outcome] ?? 'other');
    },
  );

  it('is of the time at which Batch says that it ended, else of now', () => {
    expect(lessonOf().at).toBe(1_550_000);
    expect(lessonOf({ verdict: aVerdict() }).at).toBe(9_000_000);
    expect(lessonOf({ verdict: aVerdict({ job: { ...job, StoppedAt: null } }) }).at).toBe(9_000_000);
  });

  it('holds the seconds from the submit to the start of the container', () => {
    expect(lessonOf().bootSeconds).toBe(150);
    expect(lessonOf({ verdict: aVerdict({ job: { ...job, StartedAt: job.CreatedAt } }) }).bootSeconds).toBe(0);
    expect(lessonOf({ hostSeconds: 0 }).bootSeconds).toBe(150);
  });

  it('tells no boot of an instance that was there: it would make boots look short', () => {
    expect(lessonOf({ hostSeconds: 700 })).not.toHaveProperty('bootSeconds');
  });

  it.each([
    ['that never started', { ...job, StartedAt: null }],
    ['of which Batch does not tell the submit', { ...job, CreatedAt: undefined }],
    ['that started before its submit, by clocks that differ', { ...job, StartedAt: job.CreatedAt - 1 }],
  ])('has no boot of a job %s', (_, odd) => {
    expect(lessonOf({ verdict: aVerdict({ job: odd }) })).not.toHaveProperty('bootSeconds');
  });

  it('has no boot and no speeds where no instance was there', () => {
    const made = images(8);
    const lesson = lessonOf({ simulated: true, record: aRecordOf(made, gpu), shard: aShard({ images: made }) });
    expect(lesson).not.toHaveProperty('bootSeconds');
    expect(lesson.speeds).toEqual([]);
    expect(lesson.end).toBe('success');
  });
});

describe('the lesson of a speed', () => {
  it('is the median of seconds per step, without the first image, which warms the GPU up', () => {
    expect(speedsOf([40, 2, 4, 6])).toEqual([
      // 4 s for 20 steps; the phases before rendering are 1 + 2 + 3 s
      { model: 'tiny', size: '64x64', instanceType: 'g6.xlarge', secondsPerStep: 0.2, loadSeconds: 6, weight: 1 },
    ]);
  });

  it('leaves the whole first batch out', () => {
    expect(speedsOf([40, 40, 2, 2, 4, 4], { batch: 2 })[0]?.secondsPerStep).toBe(0.1);
  });

  it('takes the first batch where there is no other', () => {
    expect(speedsOf([40])[0]?.secondsPerStep).toBe(2);
    expect(speedsOf([40, 40], { batch: 2 })[0]?.secondsPerStep).toBe(2);
  });

  it('takes its share of a batch that was short: the worker pads it, so that few images bear the time of all', () => {
    // one image of a batch of four took the 8 s of four
    expect(speedsOf([8], { batch: 4 })[0]?.secondsPerStep).toBe(8 / 4 / 20);
    expect(speedsOf([4, 4], { batch: 4 })[0]?.secondsPerStep).toBe(4 / 2 / 20);
  });

  it('reads a batch of none as one', () => {
    expect(speedsOf([40, 2, 2, 2], { batch: 0 })[0]?.secondsPerStep).toBe(0.1);
  });

  it.each([
    [1, 0.25],
    [3, 0.75],
    [4, 1],
    [9, 1],
  ])('of %i images weighs %f', (count, weight) => {
    expect(speedsOf(Array.from({ length: count }, () => 2))[0]?.weight).toBe(weight);
  });

  it('holds the compute batch of its size, and what compiling took where it was compiled', () => {
    const sizes = { '64x64': { computeBatch: 2, decodeBatch: 1, isCompiled: true, warmUpSeconds: 31 } };
    const [compiled] = speedsOf([9, 9, 1, 1], { batch: 8, over: { sizes } });
    expect(compiled).toMatchObject({
      secondsPerStep: 1 / 20,
      layout: { computeBatch: 2, decodeBatch: 1 },
      compileSeconds: 31,
    });
    const [plain] = speedsOf([1], { over: { sizes: { '64x64': { ...sizes['64x64'], isCompiled: false } } } });
    expect(plain).not.toHaveProperty('compileSeconds');
    expect(speedsOf([1])[0]).not.toHaveProperty('layout');
  });

  it('is told for each size apart, in steps, so that long recipes count as short ones', () => {
    const made = [...images(2, { steps: 10 }), ...images(1, { width: 128, height: 64, steps: 40 })];
    const shard = aShard({ images: made });
    const { speeds } = lessonOf({ record: aRecordOf(made, gpu), shard });
    expect(speeds).toMatchObject([
      { size: '64x64', secondsPerStep: 2 / 10, weight: 0.5 },
      { size: '128x64', secondsPerStep: 2 / 40, weight: 0.25 },
    ]);
  });

  it('is of the steps that are drawn: few of them from a start image', () => {
    const start = { image: 's3://b/k', sha256: 'f'.repeat(64), strength: 0.1 };
    const made = images(4, { steps: 20, start });
    // 2 s for 2 of 20 steps
    expect(lessonOf({ record: aRecordOf(made, gpu), shard: aShard({ images: made }) }).speeds).toMatchObject([
      { secondsPerStep: 1 },
    ]);
  });

  it('passes over images that are not of the shard, and times that are none', () => {
    const made = images(2);
    const record = aRecordOf([...made, ...images(1, { prompt: 'of another' })], gpu);
    expect(lessonOf({ record, shard: aShard({ images: made }) }).speeds).toMatchObject([{ weight: 0.5 }]);
    expect(speedsOf([0, 0])).toEqual([]);
  });

  it('is none without a record, without its shard, or from a CPU', () => {
    const made = images(2);
    const shard = aShard({ images: made });
    expect(lessonOf({ shard }).speeds).toEqual([]);
    expect(lessonOf({ record: aRecordOf(made, gpu) }).speeds).toEqual([]);
    expect(lessonOf({ record: aRecordOf(made, { ...gpu, device: 'cpu' }), shard }).speeds).toEqual([]);
    expect(lessonOf({ record: aRecordOf([], gpu), shard }).speeds).toEqual([]);
  });

  it('is told of a lost attempt as well: what it rendered is true', () => {
    const made = images(4);
    const verdict = aVerdict({ outcome: 'SpotInterrupted', job });
    expect(lessonOf({ verdict, record: aRecordOf(made, gpu), shard: aShard({ images: made }) })).toMatchObject({
      end: 'loss',
      speeds: [{ secondsPerStep: 0.1 }],
    });
  });
});
