import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countParts,
  isPartOf,
  limits,
  partKey,
  partName,
  partNames,
  partSizes,
  sampleKey,
  toLimits,
} from '../../../../functions/core/input/parts.ts';

describe('countParts', () => {
  it.each([
    [1, undefined],
    [100_000, undefined],
    [100_001, 3],
    [300_000, 6],
    [1_000_000, 20],
  ])('renders %d images in %s parts', (images, parts) => {
    expect(countParts(images, limits)).toBe(parts);
  });

  it('keeps each part within one execution, at any size', () => {
    for (const some of [limits, toLimits(3)]) {
      expect(some.imagesPerPart).toBeLessThanOrEqual(some.imagesPerExecution);
      expect(some.imagesPerJob / some.imagesPerPart).toBe(20);
    }
    expect(toLimits()).toBe(limits);
  });
});

it('cuts parts that add up and differ by one image at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100_001, max: 1_000_000 }), (images) => {
      const sizes = partSizes(images, countParts(images, limits) ?? 0);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(images);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.imagesPerPart);
    }),
  );
});

describe('the name of a part', () => {
  const names = fc.stringMatching(/^[\w-]{1,80}$/);

  it('is that of the job and its number', () => {
    expect(partNames({ jobId: 'night', parts: 2 })).toEqual(['night-p001', 'night-p002']);
    expect(partNames({ jobId: 'night' })).toEqual([]);
    expect([partKey('night', 12), sampleKey('night')]).toEqual([
      'jobs/night/parts/012.jsonl',
      'jobs/night/parts/sample.jsonl',
    ]);
  });

  it('of a long name is cut, and its hash stands for the rest', () => {
    const long = (length: number) => 'n'.repeat(length);
    expect(partName(long(75), 1)).toBe(`${long(75)}-p001`);
    expect(partName(long(76), 1)).toMatch(/^n{66}-[0-9a-f]{8}-p001$/);
    expect(partName(long(80), 1)).not.toBe(partName(long(79), 1));
    expect([75, 76, 80].map((length) => partName(long(length), 20).length)).toEqual([80, 80, 80]);
    expect(isPartOf(long(80), partName(long(80), 7))).toBe(true);
  });

  it('is one that Step Functions takes, whatever the job is called, and differs where the job does', () => {
    fc.assert(
      fc.property(names, names, fc.integer({ min: 1, max: 20 }), (one, other, part) => {
        expect(partName(one, part)).toMatch(/^[\w-]{1,80}$/);
        expect(isPartOf(one, partName(one, part))).toBe(true);
        if (one !== other) expect(partName(one, part)).not.toBe(partName(other, part));
      }),
    );
    const long = 'x'.repeat(79);
    expect(partName(`${long}a`, 1)).not.toBe(partName(`${long}b`, 1));
  });

  it.each(['night', 'night-p1', 'other-p001', 'night-p001-p001', 'night-r1', '../night-p001', 'night-p001x'])(
    'is not %s',
    (name) => {
      expect(isPartOf('night', name)).toBe(false);
    },
  );
});
