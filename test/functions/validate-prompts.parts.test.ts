import { describe, expect, it } from 'vitest';
import { InvalidJob } from '../../functions/core/errors.ts';
import { toLimits } from '../../functions/core/input/parts.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import { makeValidatePrompts } from '../../functions/validate-prompts.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { startedAt } from '../fakes/builders.ts';
import { makeFakeClaims } from '../fakes/claims.ts';

const lines = Array.from({ length: 8 }, (_, index) => `{"prompt":"a {red|blue} cat","seed":${index}}\n`).join('');

function setUp() {
  const bucket = makeFakeBucket({ 'prompts/many.jsonl': lines });
  const state = makeValidatePrompts({ bucket, claims: makeFakeClaims(), defaultModel: 'tiny', limits: toLimits(6) });
  const validate = (input: object, jobId = 'night') => state({ jobId, startedAt, input });
  return { bucket, validate };
}
const promptsFile = 's3://spot-diffusion/prompts/many.jsonl';
const part = (number: number) => `s3://spot-diffusion/jobs/night/parts/00${number}.jsonl`;

describe('a job of more images than one execution handles', () => {
  it('becomes prompts files of its parts and a sample, and no recipes of its own', async () => {
    const { bucket, validate } = setUp();
    expect(await validate({ promptsFile })).toMatchObject({ images: 16, parts: 3, duplicates: 0 });
    expect(bucket.written).toEqual([
      'jobs/night/job.json',
      ...[1, 2, 3].map((number) => `jobs/night/parts/00${number}.jsonl`),
      'jobs/night/parts/sample.jsonl',
    ]);
  });

  it('has parts that are jobs of the same images: the same hashes, in order', async () => {
    const { bucket, validate } = setUp();
    const whole = makeFakeBucket({ 'prompts/many.jsonl': lines });
    const claims = makeFakeClaims();
    await makeValidatePrompts({ bucket: whole, claims, defaultModel: 'tiny' })({
      jobId: 'one',
      startedAt,
      input: { promptsFile },
    });
    await validate({ promptsFile });
    const hashes: string[] = [];
    for (const number of [1, 2, 3]) {
      const partOf = { jobId: 'night', instanceType: 'g6.xlarge' };
      const child = await validate({ promptsFile: part(number), partOf, notify: 'none' }, `night-p00${number}`);
      expect(child).toMatchObject({ partOf: 'night', instanceType: 'g6.xlarge', notify: 'none', duplicates: 0 });
      expect(child.parts).toBeUndefined();
      hashes.push(...(await readRecipes(bucket, `night-p00${number}`)).map(({ hash }) => hash));
    }
    expect(hashes).toEqual((await readRecipes(whole, 'one')).map(({ hash }) => hash));
  });

  it('has parts that take for words what came out of a choice and looks like a wildcard', async () => {
    const { bucket, validate } = setUp();
    await validate({ prompt: 'a box of __{none|any}__', count: 4 });
    await validate({ promptsFile: part(1), partOf: { jobId: 'night' } }, 'night-p001');
    const prompts = (await readRecipes(bucket, 'night-p001')).map(({ recipe }) => recipe.prompt);
    expect(prompts).toEqual(Array.from({ length: 4 }, () => 'a box of __none__'));
  });

  it('counts what stands in it twice once, wherever it stands', async () => {
    const { bucket, validate } = setUp();
    await bucket.write('prompts/many.jsonl', lines + lines);
    expect(await validate({ promptsFile })).toMatchObject({ images: 16, duplicates: 16, parts: 3 });
  });

  it('may be of prompts in the input, too', async () => {
    expect(await setUp().validate({ prompt: 'a cat', count: 7 })).toMatchObject({ images: 7, parts: 2 });
    expect((await setUp().validate({ prompt: 'a cat', count: 6 })).parts).toBeUndefined();
  });

  it('is refused above what a job may have; a part, above what an execution handles', async () => {
    const { bucket, validate } = setUp();
    await expect(validate({ prompt: 'a cat', count: 121 })).rejects.toThrow(
      new InvalidJob('Expected at most 120 images in one job, got more: split it. Nothing was rendered.'),
    );
    await expect(validate({ prompt: 'a cat', count: 7, partOf: { jobId: 'x' } })).rejects.toThrow('at most 6 images');
    expect(bucket.written).toEqual([]);
  });
});
