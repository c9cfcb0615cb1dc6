import { type Blocklist, emptyBlocklist } from './blocklist.ts';
import { checkPrompts } from './check-prompt.ts';
import { expandChoices } from './choices.ts';
import type { JobInput, PromptItem } from './job-input.ts';
import { findModel, type Model, renderedModelIds } from './models.ts';
import { formatPath, type Problem } from './problems.ts';
import { hashRecipe, type Recipe, toSafety } from './recipe.ts';
import { checkStart, type StartImages, toStart } from './start-images.ts';
import { drawWildcards, toLot, type WildcardLists } from './wildcards.ts';

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
  readonly starts?: StartImages;
  readonly blocklist?: Blocklist;
}

/** As many as one execution handles within Step Functions' limits. */
export const imageLimit = 100_000;

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
    const { min, max, step } = model.size;
    const fits = recipe[field] >= min && recipe[field] <= max && recipe[field] % step === 0;
    if (!fits) refuse(field, `${min} to ${max} pixels and a multiple of ${step}`, recipe[field]);
  }
  if (!model.schedulers.includes(recipe.scheduler)) {
    refuse('scheduler', `one of ${model.schedulers.join(', ')}`, recipe.scheduler);
  }
  if (recipe.loras.length && !model.loras) refuse('loras', 'empty', recipe.loras.map((lora) => lora.name).join(', '));
  return problems;
}

function refuseModel(path: string, id: string, model: Model | undefined): Problem {
  const known = renderedModelIds.map((name) => `\`${name}\``).join(', ');
  const reason = model ? ': it can be imported, the worker does not render it yet' : '';
  return { path, message: `Expected \`${path}\` to be one of ${known}, got \`${id}\`${reason}` };
}

/** The texts of a prompt for one lot. Wildcards first: an entry of a list may hold choices. */
function toTexts(prompt: string, wildcards: WildcardLists, lot: string): readonly string[] | undefined {
  return expandChoices(drawWildcards(prompt, wildcards, lot), imageLimit)?.map((text) => text.normalize('NFC').trim());
}

type Lists = Pick<ExpandOptions, 'wildcards' | 'starts'> & Pick<Partial<JobInput>, 'schedule'>;

function toRecipe(
  item: PromptItem,
  model: Model,
  { prompt, seed, starts }: Lists & Pick<Recipe, 'prompt' | 'seed'>,
): Recipe {
  const start = toStart(item, starts ?? new Map());
  const safety = toSafety(item.safety);
  return {
    prompt,
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
    ...(start && { start }),
    ...(safety && { safety }),
  };
}

/** The recipes of a prompt: its first choice with each seed, then the next. Undefined above the limit of a job. */
function toRecipes(
  item: PromptItem,
  model: Model,
  { wildcards = new Map(), starts, schedule }: Lists,
): readonly Recipe[] | undefined {
  const first = item.seed ?? 0;
  const bySeed: { readonly seed: number; readonly texts: readonly string[] }[] = [];
  let total = 0;
  for (let index = 0; index < (item.count ?? 1); index++) {
    const seed = (first + index) % 2 ** 32;
    const texts = toTexts(item.prompt, wildcards, toLot(seed, schedule));
    total += texts?.length ?? Number.POSITIVE_INFINITY;
    if (!texts || total > imageLimit) return undefined;
    bySeed.push({ seed, texts });
  }
  const most = Math.max(...bySeed.map(({ texts }) => texts.length));
  return Array.from({ length: most }, (_, place) => place).flatMap((place) =>
    bySeed.flatMap(({ seed, texts }) => {
      const prompt = texts[place];
      return prompt === undefined ? [] : [toRecipe(item, model, { prompt, seed, starts })];
    }),
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
    if (!model?.renders) {
      problems.push(refuseModel(at('model'), merged.model ?? options.defaultModel, model));
      continue;
    }
    const recipes = toRecipes(merged, model, { ...options, schedule: job.schedule });
    total += recipes?.length ?? Number.POSITIVE_INFINITY;
    if (!recipes || total > imageLimit) break;
    problems.push(...checkPrompts(recipes, { model, blocklist: options.blocklist ?? emptyBlocklist, at }));
    const first = recipes[0];
    if (first) {
      problems.push(...checkModel(model, first, at), ...checkStart(merged, item, { model, steps: first.steps, at }));
    }
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
  const { startImage, strength, safety } = job;
  return {
    ...{ negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras, count },
    ...{ startImage, strength, safety },
  };
}

/** A wrong default of the job is one problem, not one per prompt. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}
