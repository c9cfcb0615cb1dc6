import type { JobInput, PromptItem } from './job-input.ts';
import { findModel, type Model, modelIds } from './models.ts';
import { formatPath, type Problem } from './problems.ts';
import { hashRecipe, type Recipe } from './recipe.ts';
import { drawWildcards, type WildcardLists } from './wildcards.ts';

export interface JobImage {
  readonly hash: string;
  readonly recipe: Recipe;
}

export interface Expansion {
  /** Distinct images in the order of the prompts. */
  readonly images: readonly JobImage[];
  /** Recipes that stood in the job more than once: rendered once. */
  readonly duplicates: number;
  readonly problems: readonly Problem[];
}

export interface ExpandOptions {
  readonly defaultModel: string;
  /** The path of item `index`, for messages. */
  readonly pathOf: (index: number) => readonly PropertyKey[];
  readonly wildcards?: WildcardLists;
}

/** As many as one execution handles within Step Functions' limits. */
export const imageLimit = 100_000;

/** `a {red|blue} ball` to `a red ball`, `a blue ball`: all combinations, left to right. Braces do not nest. */
export function expandChoices(text: string): readonly string[] {
  const parts = text.split(/\{([^{}]*\|[^{}]*)\}/);
  return parts.reduce<string[]>(
    (texts, part, index) => {
      const options = index % 2 ? part.split('|').map((option) => option.trim()) : [part];
      return texts.flatMap((before) => options.map((option) => before + option));
    },
    [''],
  );
}

function checkModel(model: Model, recipe: Recipe, at: (field: string) => string): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, wanted: string, found: unknown) => {
    const path = at(field);
    problems.push({
      path,
      message: `Expected \`${path}\` to be ${wanted} for the model \`${model.id}\`, got \`${found}\``,
    });
  };
  for (const field of ['width', 'height'] as const) {
    const { min, max } = model.size;
    if (recipe[field] < min || recipe[field] > max) refuse(field, `${min} to ${max} pixels`, recipe[field]);
  }
  if (!model.schedulers.includes(recipe.scheduler)) {
    refuse('scheduler', `one of ${model.schedulers.join(', ')}`, recipe.scheduler);
  }
  if (recipe.loras.length && !model.loras) refuse('loras', 'empty', recipe.loras.map((lora) => lora.name).join(', '));
  return problems;
}

function toRecipes(item: PromptItem, model: Model, wildcards: WildcardLists): readonly Recipe[] {
  const first = item.seed ?? 0;
  const seeds = Array.from({ length: item.count ?? 1 }, (_, index) => (first + index) % 2 ** 32);
  return expandChoices(item.prompt).flatMap((prompt) =>
    seeds.map((seed) => ({
      prompt: drawWildcards(prompt, wildcards, seed),
      negativePrompt: item.negativePrompt ?? '',
      seed,
      model: model.id,
      revision: model.revision,
      width: item.width ?? model.size.default,
      height: item.height ?? model.size.default,
      steps: item.steps ?? model.steps,
      guidance: item.guidance ?? model.guidance,
      scheduler: item.scheduler ?? model.schedulers[0] ?? 'ddim',
      loras: item.loras ?? [],
    })),
  );
}

/**
 * Prompts to recipes: the prompt's own fields over the job's over the model's defaults.
 */
export function expandPrompts(items: readonly PromptItem[], job: Partial<JobInput>, options: ExpandOptions): Expansion {
  const problems: Problem[] = [];
  const images = new Map<string, JobImage>();
  let total = 0;
  for (const [index, item] of items.entries()) {
    const merged = { ...withoutPrompts(job), ...item };
    const at = (field: string) => formatPath([...(field in item ? options.pathOf(index) : []), field]);
    const model = findModel(merged.model ?? options.defaultModel);
    if (!model) {
      const known = modelIds.map((id) => `\`${id}\``).join(', ');
      problems.push({
        path: at('model'),
        message: `Expected \`${at('model')}\` to be one of ${known}, got \`${merged.model}\``,
      });
      continue;
    }
    const recipes = toRecipes(merged, model, options.wildcards ?? new Map());
    total += recipes.length;
    if (total > imageLimit) break;
    const first = recipes[0];
    if (first) problems.push(...checkModel(model, first, at));
    for (const recipe of recipes) {
      const hash = hashRecipe(recipe);
      images.set(hash, images.get(hash) ?? { hash, recipe });
    }
  }
  if (total > imageLimit) {
    problems.push({ path: 'input', message: `Expected at most ${imageLimit} images in one job, got more: split it` });
  }
  return { images: [...images.values()], duplicates: total - images.size, problems: distinct(problems) };
}

function withoutPrompts(job: Partial<JobInput>): Omit<Partial<PromptItem>, 'prompt'> {
  const { negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras, count } = job;
  return { negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras, count };
}

/** A wrong default of the job is one problem, not one per prompt. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
