import { expandChoices } from './choices.ts';
import type { JobInput, PromptItem } from './job-input.ts';
import type { Model } from './models.ts';
import { type Recipe, toSafety } from './recipe.ts';
import type { Scheduled } from './scheduled.ts';
import { type StartImages, toStart } from './start-images.ts';
import { drawWildcards, toLot, type WildcardLists } from './wildcards.ts';

/** As many as one execution handles within Step Functions' limits. */
export const imageLimit = 100_000;

/** What a prompt takes from its job unless it says otherwise. */
export function withoutPrompts(job: Partial<JobInput>): Omit<Partial<PromptItem>, 'prompt'> {
  const { negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras, count } = job;
  const { startImage, strength, safety } = job;
  return {
    ...{ negativePrompt, seed, model, width, height, steps, guidance, scheduler, loras, count },
    ...{ startImage, strength, safety },
  };
}

interface Lists {
  readonly wildcards?: WildcardLists;
  readonly starts?: StartImages;
  readonly schedule?: Scheduled;
  /** The prompts are drawn and chosen already: what looks like a wildcard came out of a choice. */
  readonly isLiteral?: boolean;
}

/** The texts of a prompt for one lot. Wildcards first: an entry of a list may hold choices. */
function toTexts(
  prompt: string,
  { wildcards = new Map(), isLiteral }: Lists,
  lot: string,
): readonly string[] | undefined {
  if (isLiteral) return [prompt];
  return expandChoices(drawWildcards(prompt, wildcards, lot), imageLimit)?.map((text) => text.normalize('NFC').trim());
}

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

/** The recipes of a prompt: its first choice with each seed, then the next. Undefined above the limit. */
export function toRecipes(item: PromptItem, model: Model, lists: Lists): readonly Recipe[] | undefined {
  const first = item.seed ?? 0;
  const bySeed: { readonly seed: number; readonly texts: readonly string[] }[] = [];
  let total = 0;
  for (let index = 0; index < (item.count ?? 1); index++) {
    const seed = (first + index) % 2 ** 32;
    const texts = toTexts(item.prompt, lists, toLot(seed, lists.schedule));
    total += texts?.length ?? Number.POSITIVE_INFINITY;
    if (!texts || total > imageLimit) return undefined;
    bySeed.push({ seed, texts });
  }
  const most = Math.max(...bySeed.map(({ texts }) => texts.length));
  return Array.from({ length: most }, (_, place) => place).flatMap((place) =>
    bySeed.flatMap(({ seed, texts }) => {
      const prompt = texts[place];
      return prompt === undefined ? [] : [toRecipe(item, model, { prompt, seed, starts: lists.starts })];
    }),
  );
}
