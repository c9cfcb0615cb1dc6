import { describe, expect, it } from 'vitest';
import { readRecipes } from '../../../../functions/core/input/recipes-file.ts';
import { toJsonLines } from '../../../../functions/core/storage/json-lines.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';
import { images } from '../../../fakes/builders.ts';

const key = 'jobs/job-1/recipes.jsonl';

describe('readRecipes', () => {
  it('reads the images of a job in their order', async () => {
    expect(await readRecipes(makeFakeBucket({ [key]: toJsonLines(images(3)) }), 'job-1')).toEqual(images(3));
  });

  it('keeps line separators that JSON leaves in a prompt', async () => {
    const given = images(1, { prompt: 'a\u2028b\u0085c' });
    expect(await readRecipes(makeFakeBucket({ [key]: toJsonLines(given) }), 'job-1')).toEqual(given);
  });

  it('is empty where the job was refused before any was written', async () => {
    expect(await readRecipes(makeFakeBucket(), 'job-1')).toEqual([]);
    expect(await readRecipes(makeFakeBucket({ [key]: '' }), 'job-1')).toEqual([]);
  });

  it.each(['{"hash":"f"}\n', '{"hash":"f","recipe":{}}\n', 'x\n'])('refuses the line %j', async (text) => {
    await expect(readRecipes(makeFakeBucket({ [key]: text }), 'job-1')).rejects.toThrow();
  });
});
