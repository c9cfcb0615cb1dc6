import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnSpeed, type SpeedMemory, toLearnedSpeed } from '../../../../functions/core/learn/learn.ts';
import { instanceTypes } from '../../../../functions/core/market/instance-types.ts';
import { secondsPerImage } from '../../../../functions/core/market/throughput.ts';
import { assumedLoadSeconds, findSpeed } from '../../../../functions/core/pick/speed.ts';
import { aWork } from '../../../fakes/builders.ts';
import { aSample } from '../../../fakes/lesson.ts';

const work = aWork();
const { steps } = work.typical;
const type = instanceTypes.find(({ name }) => name === 'g6.xlarge');
if (!type) throw new Error('Expected g6.xlarge in the table');
const seed = secondsPerImage(work.typical, type.gpu)?.seconds ?? Number.NaN;

/** What is believed before each attempt and after the last, where attempts really take these seconds an image. */
const beliefs = (measured: readonly number[]): readonly number[] => {
  let memory: SpeedMemory | undefined;
  const believe = () => {
    const speeds = memory ? [toLearnedSpeed(memory)] : [];
    return findSpeed(work, type, { speeds, types: instanceTypes })?.secondsPerImage ?? Number.NaN;
  };
  const before = measured.map((seconds, index) => {
    const believed = believe();
    memory = learnSpeed(memory, aSample({ secondsPerStep: seconds / steps }), index * 60_000);
    return believed;
  });
  return [...before, believe()];
};
const off = (believed: number, truth: number) => Math.max(believed / truth, truth / believed);

describe('a seed that is three times off', () => {
  it.each([
    ['too slow', seed / 3],
    ['too fast', seed * 3],
  ])('(%s) is a quarter of the estimate after one attempt, and forgotten after three', (_, truth) => {
    const factors = beliefs([truth, truth, truth, truth]).map((believed) => off(believed, truth));
    const weights = [0, 1, 1 + 0.5 ** (1 / 3)];
    // The seed weighs half an attempt, less the nearer the attempts come to 2.4.
    const shares = weights.map((weight) => {
      const ofSeed = 0.5 * (1 - weight / 2.4);
      return ofSeed / (ofSeed + weight);
    });
    expect(factors.slice(0, 3)).toEqual(shares.map((share) => expect.closeTo(3 ** share, 9)));
    expect(factors.slice(3)).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
  });

  it('is within 5 % of the truth from the fourth attempt on, though attempts differ by 3 %', () => {
    const noise = fc.array(fc.double({ min: 0.97, max: 1.03, noNaN: true }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(3, 1 / 3), noise, (factor, noises) => {
        const truth = seed * factor;
        for (const believed of beliefs(noises.map((one) => truth * one)).slice(3))
          expect(off(believed, truth)).toBeLessThan(1.05);
      }),
    );
  });

  it('is no worse for one odd attempt among the first four', () => {
    const odd = fc.oneof(fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.double({ min: 2, max: 100, noNaN: true }));
    fc.assert(
      fc.property(odd, fc.nat(3), (wrong, place) => {
        const truth = seed * 3;
        const attempts = Array.from({ length: 4 }, (_, index) => (index === place ? truth * wrong : truth));
        expect(off(beliefs(attempts).at(-1) ?? Number.NaN, truth)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is forgotten for the start as well', () => {
    const truth = 3 * assumedLoadSeconds(2);
    const memory = [0, 1, 2].reduce<SpeedMemory | undefined>(
      (before, index) => learnSpeed(before, aSample({ loadSeconds: truth }), index * 60_000),
      undefined,
    );
    const speeds = memory ? [toLearnedSpeed(memory)] : [];
    expect(findSpeed(work, type, { speeds, types: instanceTypes })?.loadSeconds).toBeCloseTo(truth, 9);
  });
});
