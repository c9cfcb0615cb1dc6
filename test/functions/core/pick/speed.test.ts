import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LearnedSpeed } from '../../../../functions/core/learn/learned.ts';
import {
  findInstanceType,
  type InstanceType,
  instanceTypes,
} from '../../../../functions/core/market/instance-types.ts';
import { assumedLoadSeconds, findSpeed, listedShare } from '../../../../functions/core/pick/speed.ts';
import type { Work } from '../../../../functions/core/pick/work.ts';
import { aBigRecipe, aWork } from '../../../fakes/builders.ts';

const strange: InstanceType = { name: 'x9.large', gpu: 'V9', vramGib: 22, vcpus: 4, memoryGib: 16 };
const typeOf = (name: string): InstanceType => findInstanceType(name) ?? strange;
const g6 = typeOf('g6.xlarge');
const row = (over: Partial<LearnedSpeed> = {}): LearnedSpeed => ({
  model: 'sd-1.5',
  size: '512x512',
  instanceType: 'g6.xlarge',
  secondsPerStep: 0.04,
  loadSeconds: 30,
  weight: 1,
  ...over,
});
const find = (speeds: readonly LearnedSpeed[], of: { type?: InstanceType; work?: Work; types?: InstanceType[] } = {}) =>
  findSpeed(of.work ?? aWork(), of.type ?? g6, { speeds, types: [...instanceTypes, ...(of.types ?? [])] });

// 25 steps at 14 steps/s on an L4; 2.1 GiB of weights at 1.16 GiB/s after 15 s of imports.
const seedSeconds = 25 / 14;
const seedLoad = 15 + 2.1 / 1.16;
/** The weighted geometric mean of what was measured and the listed speed, which counts 0.5 x (1 - weight / 2.4). */
function blend(measured: number, weight: number, listed: number): number {
  const listedWeight = 0.5 * Math.max(0, 1 - weight / 2.4);
  return (measured ** weight * listed ** listedWeight) ** (1 / (weight + listedWeight));
}

describe('the speed before anything is measured', () => {
  it('is the listed speed of the GPU, with its evidence', () => {
    expect(find([])).toEqual({
      secondsPerImage: expect.closeTo(seedSeconds, 12),
      loadSeconds: expect.closeTo(seedLoad, 12),
      evidence: 'assumed',
      weight: 0,
    });
    expect(find([], { type: typeOf('g4dn.xlarge') })).toMatchObject({ evidence: 'published' });
    expect(assumedLoadSeconds(11.6)).toBeCloseTo(25, 12);
  });

  it('is unknown for a strange GPU or model', () => {
    expect(find([], { type: strange })).toBeUndefined();
    expect(find([], { work: aWork({ model: 'new', typical: aBigRecipe({ model: 'new' }) }) })).toBeUndefined();
  });
});

describe('a listed speed that is three times off', () => {
  it.each([
    // Attempts count 1, 0.79, 0.63 (`learn.ts`): 3 ^ (share of the listed speed).
    [1, 1.28],
    [1.794, 1.075],
    [2.424, 1],
    [9, 1],
  ])('after attempts that count %f is %f off', (weight, off) => {
    const measured = row({ secondsPerStep: seedSeconds / 3 / 25, loadSeconds: seedLoad / 3, weight });
    const found = find([measured]);
    expect((found?.secondsPerImage ?? 0) / (seedSeconds / 3)).toBeCloseTo(off, 2);
    expect((found?.loadSeconds ?? 0) / (seedLoad / 3)).toBeCloseTo(off, 2);
    expect(3 ** listedShare(weight)).toBeCloseTo(off, 2);
  });

  it('is all there is without an attempt', () => {
    expect(listedShare(0)).toBe(1);
  });
});

describe('what was measured', () => {
  it('is weighed against the listed speed', () => {
    expect(find([row()])).toEqual({
      secondsPerImage: expect.closeTo(blend(1, 1, seedSeconds), 12),
      loadSeconds: expect.closeTo(blend(30, 1, seedLoad), 12),
      evidence: 'measured',
      weight: 1,
    });
  });

  it('is no evidence before a whole attempt, unless no speed is listed', () => {
    expect(find([row({ weight: 0.9 })])?.evidence).toBe('assumed');
    const found = find([row({ weight: 0.3, instanceType: 'x9.large' })], { type: strange });
    expect(found).toEqual({
      secondsPerImage: expect.closeTo(1, 12),
      loadSeconds: expect.closeTo(blend(30, 0.3, seedLoad), 12),
      evidence: 'measured',
      weight: 0.3,
    });
  });

  it('tells all of a model without a listed speed', () => {
    const work = aWork({ model: 'new', typical: aBigRecipe({ model: 'new' }) });
    expect(find([row({ model: 'new', weight: 0.5 })], { work })).toEqual({
      secondsPerImage: expect.closeTo(1, 12),
      loadSeconds: expect.closeTo(30, 12),
      evidence: 'measured',
      weight: 0.5,
    });
    expect(find([row({ model: 'new', loadSeconds: Number.NaN })], { work })).toBeUndefined();
  });

  it('grows with the steps of the work', () => {
    const work = aWork({ typical: aBigRecipe({ steps: 50 }) });
    expect(find([row({ weight: 3 })], { work })?.secondsPerImage).toBeCloseTo(2, 12);
  });

  it.each([
    ['another size tells half, by its pixels', { size: '1024x1024', secondsPerStep: 0.16 }, 0.5],
    ['a taller size is another', { size: '512x1024', secondsPerStep: 0.08 }, 0.5],
    ['a size of as many pixels is the same', { size: '1024x256' }, 1],
    ['another type with the same GPU tells half', { instanceType: 'g6.2xlarge' }, 0.5],
    ['both tell a quarter', { instanceType: 'g6.2xlarge', size: '256x256', secondsPerStep: 0.01 }, 0.25],
    ['a type that says it has one GPU tells half', { instanceType: 'one.gpu' }, 0.5],
    ['a type with four of them tells nothing', { instanceType: 'four.gpus' }, 0],
    ['another GPU tells nothing', { instanceType: 'g5.xlarge' }, 0],
    ['a type that nobody knows tells nothing', { instanceType: 'x9.large' }, 0],
    ['another model tells nothing', { model: 'sd-1.4' }, 0],
  ])('%s', (_, over, relevance) => {
    const types = [
      { ...g6, name: 'one.gpu', gpus: 1 },
      { ...g6, name: 'four.gpus', gpus: 4 },
    ];
    const found = find([row({ weight: 0.8, ...over })], { types });
    expect(found?.weight).toBeCloseTo(0.8 * relevance, 12);
    expect(found?.secondsPerImage).toBeCloseTo(blend(1, 0.8 * relevance, seedSeconds), 12);
    expect(found?.loadSeconds).toBeCloseTo(blend(30, 0.8 * relevance, seedLoad), 12);
  });

  it('is of the same size within a hundredth: the mean of mixed work is no whole number of pixels', () => {
    const weightAt = (width: number) => find([row()], { work: aWork({ typical: aBigRecipe({ width }) }) })?.weight;
    expect([512.001, 516, 508].map(weightAt)).toEqual([1, 1, 1]);
    expect([518, 506].map(weightAt)).toEqual([0.5, 0.5]);
  });

  it('adds up over rows: their geometric mean, each by its weight', () => {
    const found = find([row({ weight: 2 }), row({ secondsPerStep: 0.08, instanceType: 'g6.2xlarge', weight: 2 })]);
    // 1 s twice and 2 s once: the listed speed is forgotten.
    expect(found?.secondsPerImage).toBeCloseTo(2 ** (1 / 3), 12);
    expect(found?.weight).toBe(3);
  });
});

describe('a ledger written by an older version', () => {
  it.each([
    [{ secondsPerStep: Number.NaN }],
    [{ secondsPerStep: 0 }],
    [{ secondsPerStep: -0.04 }],
    [{ secondsPerStep: '0.04' as unknown as number }],
    [{ weight: Number.NaN }],
    [{ weight: 0 }],
    [{ weight: -1 }],
    [{ weight: Number.POSITIVE_INFINITY }],
    [{ size: '' }],
    [{ size: '512' }],
    [{ size: 'large' }],
  ])('tells nothing by %j', (over) => {
    expect(find([row(over)])).toEqual(find([]));
  });

  it.each([Number.NaN, -3, 0])('of a load of %f keeps the speed', (loadSeconds) => {
    expect(find([row({ loadSeconds })])).toMatchObject({
      secondsPerImage: expect.closeTo(blend(1, 1, seedSeconds), 12),
      loadSeconds: expect.closeTo(seedLoad, 12),
    });
  });
});

describe('the estimate', () => {
  it('lies between the listed speed and what was measured, and nearer to the latter with each attempt', () => {
    const step = fc.double({ min: 0.001, max: 10, noNaN: true });
    const weight = fc.double({ min: 0.01, max: 4, noNaN: true });
    fc.assert(
      fc.property(step, weight, weight, (secondsPerStep, before, more) => {
        const at = (of: number) => Math.log(find([row({ secondsPerStep, weight: of })])?.secondsPerImage ?? 0);
        const truth = Math.log(25 * secondsPerStep);
        const off = Math.abs(at(before) - truth);
        expect(off).toBeLessThanOrEqual(Math.abs(Math.log(seedSeconds) - truth) + 1e-9);
        expect(Math.abs(at(before + more) - truth)).toBeLessThanOrEqual(off + 1e-9);
      }),
    );
  });
});
