import { hashRecipe, type Recipe } from '../input/recipe.ts';
import type { ManifestLine } from '../receipt/manifest.ts';
import type { PagePicture, PicturePart } from './page-data.ts';

function toRecipe(line: ManifestLine): Recipe {
  const { prompt, negativePrompt, seed, model, revision, width, height, steps, guidance, scheduler, loras } = line;
  const more = { ...(line.start ? { start: line.start } : {}), ...(line.safety ? { safety: line.safety } : {}) };
  return { prompt, negativePrompt, seed, model, revision, width, height, steps, guidance, scheduler, loras, ...more };
}

/** Only what is not the same; a field that the shared recipe has alone is taken away by `null`. */
function differenceOf(recipe: Recipe, shared: Recipe): Partial<Recipe> {
  const names = new Set([...Object.keys(shared), ...Object.keys(recipe)]);
  const differs = [...names]
    .map((name) => [name, Reflect.get(recipe, name) ?? null] as const)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(shared, name) ?? null));
  return Object.fromEntries(differs);
}

/** Half a character has no canonical form, and so no hash; no prompt of ours has one. */
const isNamedByRecipe = ({ hash, prompt, negativePrompt }: ManifestLine, recipe: Recipe) =>
  prompt.isWellFormed() && negativePrompt.isWellFormed() && hashRecipe(recipe) === hash;

function toPicture(line: ManifestLine, shared: Recipe): PagePicture {
  const recipe = toRecipe(line);
  return {
    ...differenceOf(recipe, shared),
    ...(isNamedByRecipe(line, recipe) ? {} : { hash: line.hash }),
    ...(line.status === 'delivered' ? {} : { status: line.status }),
    ...(line.reused ? { reused: true } : {}),
    pool: line.pool,
    gpu: line.receipt?.gpu,
    seconds: line.seconds,
    usd: line.usd,
    // The page says the word itself.
    error: line.status === 'blocked' ? line.error?.replace(/^blocked: /, '') : line.error,
    effectiveSeed: line.pixels?.effectiveSeed,
  };
}

/** The pictures of a job, small: a file name is the recipe's hash, which the page reckons where it needs it. */
export function toPictures(manifest: readonly ManifestLine[]): PicturePart | undefined {
  const [first] = manifest;
  if (!first) return undefined;
  const shared = toRecipe(first);
  return { shared, list: manifest.map((line) => toPicture(line, shared)) };
}
