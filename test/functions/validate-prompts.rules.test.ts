import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InvalidJob, InvalidPrompt } from '../../functions/core/errors.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import { makeFakeClaims } from '../fakes/claims.ts';
import { setUpValidation } from './validating.ts';

const picture = Buffer.concat([Buffer.from([0x89]), Buffer.from('PNG red')]);
const pictureHash = createHash('sha256').update(picture).digest('hex');

describe('the optional parts of a recipe', () => {
  it('puts the hash of the start image into the recipe, and keeps the picture by it', async () => {
    const { bucket, validate } = setUpValidation({ 'in/red.png': picture });
    await validate({ prompt: 'a', startImage: 's3://spot-diffusion/in/red.png', strength: 0.4, safety: 'off' });
    const [image] = await readRecipes(bucket, 'job-1');
    expect(image?.recipe).toMatchObject({
      start: { image: `s3://spot-diffusion/start-images/${pictureHash}`, sha256: pictureHash, strength: 0.4 },
      safety: { policy: 'off' },
    });
    expect(bucket.written).toEqual([`start-images/${pictureHash}`, 'jobs/job-1/job.json', 'jobs/job-1/recipes.jsonl']);
  });

  it('gives a recipe without them the hash that it always had', async () => {
    const { bucket, validate } = setUpValidation({ 'in/red.png': picture });
    await validate({ prompt: 'a red circle on a blue background', safety: 'block' });
    const [image] = await readRecipes(bucket, 'job-1');
    const { revision: _, ...rest } = image?.recipe ?? { revision: '' };
    expect(Object.keys(rest).toSorted()).toEqual([
      'guidance',
      'height',
      'loras',
      'model',
      'negativePrompt',
      'prompt',
      'scheduler',
      'seed',
      'steps',
      'width',
    ]);
  });

  it('keeps no picture of a job that is refused or that is a repetition', async () => {
    const startImage = 's3://spot-diffusion/in/red.png';
    await setUpValidation({ 'in/red.png': picture }).refusal({ prompt: 'a', startImage, steps: 0 });
    const claims = makeFakeClaims({ 'night 2026-11-24T22:00:00Z': 'job-0' });
    const { bucket, validate } = setUpValidation({ 'in/red.png': picture }, { claims });
    const schedule = { name: 'night', time: '2026-11-24T22:00:00Z' };
    await validate({ prompt: 'a', startImage, schedule });
    expect(bucket.written).toEqual([]);
  });
});

describe('the blocklist of the bucket', () => {
  const rules = { 'blocklist.txt': '# ours\nhouse rule: secret word\n' };

  it('refuses a prompt before anything is spent, by the name of the rule and the path', async () => {
    const { refusal } = setUpValidation(rules);
    const error = await refusal({ prompts: ['a cat', 'the sec\u200Bret WORD', { prompt: '{a|secret word}' }] });
    expect(error).toBeInstanceOf(InvalidPrompt);
    for (const path of ['prompts[1].prompt', 'prompts[2].prompt']) {
      expect(error.message).toContain(`\`${path}\` to pass the blocklist, it is refused by its rule \`house rule\``);
    }
    expect(error.message).not.toMatch(/sec\u200B?ret/i);
  });

  it('lets through what no rule names', async () => {
    expect((await setUpValidation(rules).validate({ prompt: 'a secret' })).images).toBe(1);
  });

  it('is refused itself where a line is no rule: nobody is left without the rule that was meant', async () => {
    const error = await setUpValidation({ 'blocklist.txt': 'secret word' }).refusal({ prompt: 'a' });
    expect(error).toBeInstanceOf(InvalidJob);
    expect(error.message).toContain('`blocklist.txt line 1` to be a rule');
    expect(error.message).not.toContain('secret');
  });
});
