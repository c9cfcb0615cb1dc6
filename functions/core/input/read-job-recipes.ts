import type { Bucket } from '../storage/bucket.ts';
import { toJsonLines } from '../storage/json-lines.ts';
import { type Expansion, makeExpander } from './expand-prompts.ts';
import { keepValidFields, type ParsedInput, type PromptItem } from './job-input.ts';
import type { Limits } from './parts.ts';
import type { Problem } from './problems.ts';
import { addWildcards, readBlocklist, readPrompts, standIn } from './read-prompts.ts';
import { makeStartReader, type StartImages } from './start-images.ts';
import { makeWaitingText, type WaitingText } from './waiting-text.ts';

export interface JobRecipes extends Expansion {
  readonly models: readonly string[];
  /** The lines of `recipes.jsonl`. */
  readonly recipes: WaitingText;
  readonly starts: StartImages;
}

export interface RecipeSources {
  readonly bucket: Bucket;
  readonly defaultModel: string;
  readonly limits: Limits;
}

/** The recipes of an input and all that is wrong with it, read some prompts at a time: none of them stays in memory. */
export async function readJobRecipes(
  raw: unknown,
  parsed: ParsedInput,
  { bucket, defaultModel, limits }: RecipeSources,
): Promise<JobRecipes> {
  const job = parsed.input ?? keepValidFields(raw);
  const { batches, pathOf } = readPrompts(raw, job, bucket);
  const { blocklist, problems: ofRules } = await readBlocklist(bucket);
  const wildcards = new Map<string, readonly string[]>();
  const pictures = makeStartReader(bucket);
  const limit = job.partOf ? limits.imagesPerExecution : limits.imagesPerJob;
  const lists = { wildcards, starts: pictures.starts, blocklist };
  const expander = makeExpander(job, { defaultModel, pathOf, limit, ...lists });
  const recipes = makeWaitingText();
  const models = new Set<string>();
  const ofFile: Problem[] = [];
  const ofWildcards: Problem[] = [];
  const ofPictures = [...(await pictures.read([job]))];
  let prompts = 0;

  const take = async (items: readonly PromptItem[]) => {
    if (!job.partOf) ofWildcards.push(...(await addWildcards(wildcards, items, bucket)));
    ofPictures.push(...(await pictures.read(items)));
    const images = expander.add(items);
    recipes.add(toJsonLines(images));
    for (const { recipe } of images) models.add(recipe.model);
  };
  for await (const batch of batches) {
    ofFile.push(...batch.problems);
    prompts += batch.items.length;
    await take(batch.items);
    if (expander.isFull()) break;
  }
  if (!prompts) await take([standIn]);
  const expansion = expander.end();
  const read = [...ofFile, ...ofWildcards, ...pictures.checkStrength(job), ...ofPictures, ...ofRules];
  const problems = [...parsed.problems, ...read, ...expansion.problems];
  return { ...expansion, problems, models: [...models], recipes, starts: pictures.starts };
}
