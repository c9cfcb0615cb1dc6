import type { Recipe } from '../input/recipe.ts';

/** A PNG that must be unfolded whole (interlaced) takes at most 8 bytes a pixel: 128 MiB of the function's 1,769. */
const pixelsAtOnce = 4 * 2048 * 2048;
/** More than this only waits for the one vCPU; fewer leave it idle while S3 answers. */
const mostAtOnce = 8;

/** How many pictures may be in memory together: the largest counts for all. */
export function thumbnailsAtOnce(recipes: readonly Pick<Recipe, 'width' | 'height'>[]): number {
  // Not `Math.max(...)`: a shard may have more images than what a call takes.
  const largest = recipes.reduce((most, { width, height }) => Math.max(most, width * height), 1);
  return Math.max(1, Math.min(mostAtOnce, Math.floor(pixelsAtOnce / largest)));
}
