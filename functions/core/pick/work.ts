import { findModel } from '../input/models.ts';
import { type Recipe, stepsDrawn } from '../input/recipe.ts';

/** What is to be rendered in one pool: as little as a quote needs to know about it. */
export interface Work {
  readonly model: string;
  readonly images: number;
  /** Stands for the others: its steps are the mean of those that are drawn, its size is the mean; with LoRAs if any has some. */
  readonly typical: Recipe;
  /** GPU memory for the largest image, in GiB. */
  readonly vramGib: number;
}

/** Sums up recipes of one model. Activations grow with the pixels, weights do not. */
export function describeWork(recipes: readonly Recipe[]): Work | undefined {
  const first = recipes[0];
  const model = first && findModel(first.model);
  if (!first || !model) return undefined;
  const stepPixels = recipes.reduce((sum, recipe) => sum + stepsDrawn(recipe) * recipe.width * recipe.height, 0);
  const meanSteps = recipes.reduce((sum, recipe) => sum + stepsDrawn(recipe), 0) / recipes.length;
  const side = Math.sqrt(stepPixels / recipes.length / meanSteps);
  // Not `Math.max(...)`: a job may have 100,000 images, near the limit of what a call takes.
  const pixels = recipes.reduce((most, recipe) => Math.max(most, recipe.width * recipe.height), 0);
  const largest = pixels / model.size.default ** 2;
  const loras = recipes.find((recipe) => recipe.loras.length)?.loras ?? [];
  return {
    model: model.id,
    images: recipes.length,
    typical: { ...first, start: undefined, loras, steps: meanSteps, width: side, height: side },
    vramGib: model.weightsGib + (model.vramGib - model.weightsGib) * largest,
  };
}
