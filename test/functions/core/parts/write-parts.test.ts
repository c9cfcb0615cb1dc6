import { describe, expect, it } from 'vitest';
import { partKey, sampleKey } from '../../../../functions/core/input/parts.ts';
import { toPromptLine } from '../../../../functions/core/input/prompt-line.ts';
import { readRecipesAt } from '../../../../functions/core/input/recipes-file.ts';
import { makeWaitingText } from '../../../../functions/core/input/waiting-text.ts';
import { writeParts } from '../../../../functions/core/parts/write-parts.ts';
import { toJsonLines } from '../../../../functions/core/storage/json-lines.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { images } from '../../../fakes/builders.ts';

const made = [...images(9), ...images(1, { model: 'sdxl', revision: 'x' })];

async function write(parts: number) {
  const bucket = makeFakeBucket();
  const recipes = makeWaitingText();
  for (const image of made) recipes.add(toJsonLines([image]));
  await writeParts(bucket, recipes, { jobId: 'job-1', images: made.length, parts });
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
    expect(sample).toEqual([made[0], made[5], made[9]]);
  });
});
