import { type Blocklist, emptyBlocklist } from './blocklist.ts';
import { checkPrompts } from './check-prompt.ts';
import type { JobInput, PromptItem } from './job-input.ts';
import { findModel, type Model, renderedModelIds } from './models.ts';
import { limits } from './parts.ts';
import { formatPath, type Problem } from './problems.ts';
import { imageLimit, toRecipes, withoutPrompts } from './prompt-recipes.ts';
import { mostProblems } from './prompts-file.ts';
import { hashRecipe, type Recipe } from './recipe.ts';
import { checkStart, type StartImages } from './start-images.ts';
import type { WildcardLists } from './wildcards.ts';

export interface JobImage {
  readonly hash: string;
  readonly recipe: Recipe;
}

export interface Expansion {
  /** Distinct images. */
  readonly count: number;
  /** Recipes that stood in the job more than once: rendered once. */
  readonly duplicates: number;
  readonly problems: readonly Problem[];
}

/** Takes the prompts of a job some at a time, and keeps none of them. */
export interface Expander {
  /** The images that are new, in the order of the prompts. */
  add(items: readonly PromptItem[]): readonly JobImage[];
  /** No more are taken: there are too many, or too much is wrong. */
  isFull(): boolean;
  end(): Expansion;
}

export interface ExpandOptions {
  readonly defaultModel: string;
  /** The path of item `index`, for messages. */
  readonly pathOf: (index: number) => readonly PropertyKey[];
  readonly wildcards?: WildcardLists;
  readonly starts?: StartImages;
  readonly blocklist?: Blocklist;
  /** Images of the job at most. */
  readonly limit?: number;
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

const tooMany = (limit: number, where: 'in one job' | 'of one prompt'): Problem => ({
  path: 'input',
  message: `Expected at most ${limit} images ${where}, got more: split it`,
});

/** 128 bits of it, a byte in each character: a million take 80 MB, and no two are the same by chance. */
const shorten = (hash: string) => Buffer.from(hash.slice(0, 32), 'hex').toString('latin1');

/** Prompts to recipes: the prompt's own fields over the job's over the model's defaults. */
export function makeExpander(job: Partial<JobInput>, options: ExpandOptions): Expander {
  const { defaultModel, pathOf, blocklist = emptyBlocklist, limit = limits.imagesPerJob } = options;
  const shared = withoutPrompts(job);
  const lists = { ...options, schedule: job.schedule, isLiteral: job.partOf !== undefined };
  const seen = new Set<string>();
  // By their message: a wrong default of the job is one problem, not one per prompt.
  const problems = new Map<string, Problem>();
  let index = 0;
  let total = 0;

  const refuse = (found: readonly Problem[]) => {
    for (const problem of found) problems.set(problem.message, problem);
  };
  const isNew = ({ hash }: JobImage) => seen.size < seen.add(shorten(hash)).size;

  function addOne(item: PromptItem, place: number): readonly JobImage[] {
    const merged = { ...shared, ...item };
    const at = (field: string) => formatPath([...(field in item ? pathOf(place) : []), field]);
    const model = findModel(merged.model ?? defaultModel);
    if (!model?.renders) {
      refuse([refuseModel(at('model'), merged.model ?? defaultModel, model)]);
      return [];
    }
    const recipes = toRecipes(merged, model, lists);
    total += recipes?.length ?? Number.POSITIVE_INFINITY;
    const first = recipes?.[0];
    if (!recipes) refuse([tooMany(imageLimit, 'of one prompt')]);
    if (!first || total > limit) return [];
    refuse(checkPrompts(recipes, { model, blocklist, at }));
    refuse([...checkModel(model, first, at), ...checkStart(merged, item, { model, steps: first.steps, at })]);
    return recipes.map((recipe) => ({ hash: hashRecipe(recipe), recipe })).filter(isNew);
  }

  const isFull = () => total > limit || problems.size >= mostProblems;
  return {
    add: (items) => items.flatMap((item) => (isFull() ? [] : addOne(item, index++))),
    isFull,
    end: () => {
      if (total > limit && Number.isFinite(total)) refuse([tooMany(limit, 'in one job')]);
      return { count: seen.size, duplicates: total - seen.size, problems: [...problems.values()] };
    },
  };
}

/** All prompts at once. */
export function expandPrompts(items: readonly PromptItem[], job: Partial<JobInput>, options: ExpandOptions) {
  const expander = makeExpander(job, options);
  const images = expander.add(items);
  return { images, ...expander.end() };
}
