import { describe, expect, it } from 'vitest';
import type { JobImage } from '../../../../functions/core/input/expand-prompts.ts';
import { partKey, sampleKey } from '../../../../functions/core/input/parts.ts';
import { toPromptLine } from '../../../../functions/core/input/prompt-line.ts';
import { readRecipesAt } from '../../../../functions/core/input/recipes-file.ts';
import { makeWaitingText } from '../../../../functions/core/input/waiting-text.ts';
import { writeParts } from '../../../../functions/core/parts/write-parts.ts';
import { toJsonLines } from '../../../../functions/core/storage/json-lines.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { anImage, images } from '../../../fakes/builders.ts';

const made = [...images(9), ...images(1, { model: 'sdxl', revision: 'x' })];

async function write(parts: number, all: readonly JobImage[] = made) {
  const bucket = makeFakeBucket();
  const recipes = makeWaitingText();
  for (const image of all) recipes.add(toJsonLines([image]));
  await writeParts(bucket, recipes, { jobId: 'job-1', images: all.length, parts });
  return bucket;
}

describe('writeParts', () => {
  it('writes each image into one part, in order, as a prompt', async () => {
    const bucket = await write(3);
    const texts = await Promise.all([1, 2, 3].map((part) => bucket.read(partKey('job-1', part))));
    expect(texts.map((text) => text?.trimEnd().split('\n').length)).toEqual([3, 3, 4]);
    expect(texts.join('')).toBe(toJsonLines(made.map(({ recipe }) => toPromptLine(recipe))));
  });

  it('writes a sample as large as a part, with each model', async () => {
    const sample = await readRecipesAt(await write(5), sampleKey('job-1'));
    expect(sample).toEqual([made[0], made[6], made[9]]);
  });

  it('writes a sample of all kinds of a file whose lines alternate', async () => {
    const sides = [64, 128, 192, 256];
    const alternating = Array.from({ length: 64 }, (_, seed) => anImage({ seed, width: sides[seed % 4] ?? 0 }));
    const sample = await readRecipesAt(await write(4, alternating), sampleKey('job-1'));
    const counts = sides.map((side) => sample.filter(({ recipe }) => recipe.width === side).length);
    expect(counts).toEqual([4, 4, 4, 4]);
  });
});
