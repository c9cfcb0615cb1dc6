import { describe, expect, it } from 'vitest';
import { filterPictures } from '../../../../functions/core/report/browser/filter.ts';
import {
  describePool,
  toCents,
  toDuration,
  toPlural,
  toUsd,
} from '../../../../functions/core/report/browser/format.ts';
import { unfold } from '../../../../functions/core/report/browser/pictures.ts';
import { toTicks } from '../../../../functions/core/report/browser/scale.ts';
import { filesOf } from '../../../../functions/core/report/files.ts';
import { aRecipe } from '../../../fakes/builders.ts';

describe('the words of the page', () => {
  it.each([
    [1499, '1.5 s'],
    [9999, '10 s'],
    [59_700, '1 min'],
    [130_000, '2 min 10 s'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 min'],
  ])('write %i ms as %s', (milliseconds, text) => {
    expect(toDuration(milliseconds)).toBe(text);
  });

  it('write money to a hundredth of a cent, a lot of it to the cent', () => {
    expect([toUsd(0.00123), toUsd(9.5), toUsd(12.345), toCents(0.000_041_5)]).toEqual([
      '$0.0012',
      '$9.5000',
      '$12.35',
      '0.0042 ¢',
    ]);
  });

  it('write a pool for people, and what is none as it is', () => {
    expect(describePool('use1-az4/g6.xlarge/spot')).toBe('g6.xlarge in use1-az4, Spot');
    expect(describePool('any/g6.xlarge/on-demand')).toBe('g6.xlarge in any zone, on demand');
    expect(describePool('none')).toBe('none');
  });

  it('count', () => {
    expect([toPlural(1, 'image'), toPlural(2000, 'image')]).toEqual(['1 image', '2,000 images']);
  });
});

describe('toTicks', () => {
  it.each([
    [30_000, 4, ['0', '10 s', '20 s', '30 s']],
    [720_000, 8, ['0', '2 min', '4 min', '6 min', '8 min', '10 min', '12 min']],
    [6 * 3_600_000, 4, ['0', '2 h', '4 h', '6 h']],
    [5_400_000, 4, ['0', '30 min', '1 h', '1.5 h']],
    [1000, 4, ['0', '1 s']],
  ])('marks %i ms at most %i times, round', (length, most, texts) => {
    expect(toTicks(length, most).map(({ text }) => text)).toEqual(texts);
  });
});

describe('filterPictures', () => {
  const shared = aRecipe({ prompt: 'A red Fox in the fog', seed: 42 });
  const pictures = unfold({
    shared,
    list: [
      { pool: 'a' },
      { prompt: 'a bird', model: 'sdxl', pool: 'b', reused: true },
      { status: 'failed', error: 'Boom: out of luck' },
      { status: 'blocked', negativePrompt: 'rain' },
    ],
  });
  const find = (over: Partial<Parameters<typeof filterPictures>[1]>) =>
    filterPictures(pictures, { search: '', model: '', pool: '', status: 'all', ...over }).map(({ index }) => index);

  it.each([
    [{}, [0, 1, 2, 3]],
    [{ search: 'fog FOX' }, [0, 2, 3]],
    [{ search: '42' }, [0, 1, 2, 3]],
    [{ search: 'rain' }, [3]],
    [{ search: 'luck' }, [2]],
    [{ search: 'no such' }, []],
    [{ model: 'sdxl' }, [1]],
    [{ pool: 'a' }, [0]],
    [{ status: 'delivered' }, [0, 1]],
    [{ status: 'reused' }, [1]],
    [{ status: 'failed' }, [2]],
    [{ status: 'blocked', search: 'fox' }, [3]],
  ] as const)('finds with %j the pictures %j', (filter, found) => {
    expect(find(filter)).toEqual(found);
  });
});

it('knows where a picture lies beside a page in the bucket and in a folder', () => {
  const hash = '0123456789abcdef'.repeat(4);
  expect(filesOf('bucket', 8, hash)).toEqual({
    image: `../../images/${hash}.png`,
    thumbnails: [`../../thumbnails/256/${hash}.webp`, `../../thumbnails/512/${hash}.webp`],
  });
  expect(filesOf('folder', 8, hash)).toEqual({
    image: 'images/0009-0123456789ab.png',
    thumbnails: ['thumbnails/0009-0123456789ab.webp'],
  });
});
