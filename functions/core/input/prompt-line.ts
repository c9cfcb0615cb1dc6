import type { Recipe } from './recipe.ts';

/** A recipe as a line of a prompts file, without what is beside it: the revision is left to the model's registry. */
export function toPromptLine(recipe: Recipe): Omit<Recipe, 'revision'> {
  const { prompt, negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras } = recipe;
  const { start, safety } = recipe;
  return {
    ...{ prompt, negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras },
    ...(start ? { start } : {}),
    ...(safety ? { safety } : {}),
  };
}
