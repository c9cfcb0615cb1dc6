import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thumbnailsAtOnce } from '../../../../functions/core/report/thumbnails-at-once.ts';

const square = (side: number) => ({ width: side, height: side });

describe('how many pictures are shrunk at once', () => {
  it.each([
    ['64', [square(64)], 8],
    ['1024', [square(1024), square(512)], 8],
    ['1536', [square(512), square(1536)], 7],
    ['2048', [square(64), square(2048)], 4],
  ])('goes by the largest, with sides of %s', (_, recipes, atOnce) => {
    expect(thumbnailsAtOnce(recipes)).toBe(atOnce);
  });

  it('keeps what is unfolded below 128 MiB at 8 bytes a pixel, and always does one', () => {
    const side = fc.integer({ min: 64, max: 2048 });
    const recipe = fc.record({ width: side, height: side });
    fc.assert(
      fc.property(fc.array(recipe, { minLength: 1, maxLength: 40 }), (recipes) => {
        const atOnce = thumbnailsAtOnce(recipes);
        const pixels = Math.max(...recipes.map(({ width, height }) => width * height));
        expect(atOnce).toBeGreaterThanOrEqual(1);
        expect(atOnce * pixels * 8).toBeLessThanOrEqual(128 * 2 ** 20);
      }),
    );
  });
});
