import { partKey, partSizes, sampleKey } from '../input/parts.ts';
import { toPromptLine } from '../input/prompt-line.ts';
import { parseRecipeLine } from '../input/recipes-file.ts';
import { makeWaitingText, type WaitingText } from '../input/waiting-text.ts';
import type { Bucket } from '../storage/bucket.ts';

/** The lines that wait, one by one: of all of them one piece is in memory. */
function* linesOf(recipes: WaitingText): Generator<string> {
  for (const piece of recipes.pieces()) yield* piece.toString().split('\n').filter(Boolean);
}

/**
 * Of every so many images one, each time the next of them: a file whose lines alternate is met in all its kinds. And the
 * first of each model: a plan by them knows all models.
 */
function makeSampler(every: number) {
  const models = new Set<string>();
  let index = 0;
  return (model: string) => {
    const isNew = !models.has(model);
    models.add(model);
    const [block, place] = [Math.floor(index / every), index % every];
    index += 1;
    return place === block % every || isNew;
  };
}

/** Writes the recipes of a job as the prompts files of its parts, and the sample that it is planned by. */
export async function writeParts(
  bucket: Bucket,
  recipes: WaitingText,
  { jobId, images, parts }: { readonly jobId: string; readonly images: number; readonly parts: number },
): Promise<void> {
  const lines = linesOf(recipes);
  const isSampled = makeSampler(parts);
  const sample = makeWaitingText();
  for (const [index, size] of partSizes(images, parts).entries()) {
    const prompts = makeWaitingText();
    for (let count = 0; count < size; count++) {
      const line = lines.next().value ?? '';
      const { recipe } = parseRecipeLine(line);
      prompts.add(`${JSON.stringify(toPromptLine(recipe))}\n`);
      if (isSampled(recipe.model)) sample.add(`${line}\n`);
    }
    await bucket.write(partKey(jobId, index + 1), prompts.whole());
  }
  await bucket.write(sampleKey(jobId), sample.whole());
}
