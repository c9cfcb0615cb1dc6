import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { expandPrompts } from '../../../../functions/core/input/expand-prompts.ts';
import type { JobInput, PromptItem } from '../../../../functions/core/input/job-input.ts';
import { modelIds, renderedModelIds } from '../../../../functions/core/input/models.ts';
import { imageLimit } from '../../../../functions/core/input/prompt-recipes.ts';
import { hashRecipe, promptLimit } from '../../../../functions/core/input/recipe.ts';

const expand = (items: readonly PromptItem[], job: Partial<JobInput> = {}, defaultModel = 'tiny') =>
  expandPrompts(items, job, { defaultModel, pathOf: (index) => ['prompts', index] });
const recipesOf = (...given: Parameters<typeof expand>) => expand(...given).images.map((image) => image.recipe);
const known = renderedModelIds.map((id) => `\`${id}\``).join(', ');
const messages = (...given: Parameters<typeof expand>) => expand(...given).problems.map((problem) => problem.message);

describe('expandPrompts', () => {
  it("takes the model's defaults where nothing is said", () => {
    expect(recipesOf([{ prompt: 'a' }], {}, 'sd-1.5')).toEqual([
      {
        prompt: 'a',
        negativePrompt: '',
        seed: 0,
        model: 'sd-1.5',
        revision: '451f4fe16113bff5a5d2269ed5ad43b0592e9a14',
        width: 512,
        height: 512,
        steps: 25,
        guidance: 7.5,
        scheduler: 'dpmpp-2m',
        loras: [],
      },
    ]);
  });

  it("puts the prompt's own fields over the job's, and those over the model's", () => {
    const job = {
      ...{ negativePrompt: 'blurry', seed: 5, model: 'sd-1.5', width: 256, height: 320 },
      ...{ steps: 9, guidance: 3, scheduler: 'euler' as const },
    };
    const own = {
      prompt: 'b',
      seed: 6,
      width: 512,
      steps: 10,
      guidance: 0,
      scheduler: 'ddim' as const,
      negativePrompt: '',
    };
    const [plain, special] = recipesOf([{ prompt: 'a' }, own], job);
    expect(plain).toMatchObject({ prompt: 'a', ...job });
    expect(special).toMatchObject({ ...own, height: 320, model: 'sd-1.5' });
  });

  it('hashes each recipe and keeps the order of the prompts', () => {
    const { images } = expand([{ prompt: 'b' }, { prompt: 'a', count: 2 }]);
    expect(images.map(({ recipe }) => [recipe.prompt, recipe.seed])).toEqual([
      ['b', 0],
      ['a', 0],
      ['a', 1],
    ]);
    for (const { hash, recipe } of images) expect(hash).toBe(hashRecipe(recipe));
  });

  it('counts seeds up from the first', () => {
    expect(recipesOf([{ prompt: 'a', seed: 7, count: 3 }]).map((recipe) => recipe.seed)).toEqual([7, 8, 9]);
  });

  it('goes on with seed 0 after the largest', () => {
    const seeds = recipesOf([{ prompt: 'a', seed: 2 ** 32 - 2, count: 4 }]).map((recipe) => recipe.seed);
    expect(seeds).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 0, 1]);
  });

  it("takes the job's count for each prompt that has none, each choice with the same seeds", () => {
    const found = recipesOf([{ prompt: '{a|b}' }, { prompt: 'c', count: 1 }], { count: 2 });
    expect(found.map((recipe) => recipe.prompt + recipe.seed)).toEqual(['a0', 'a1', 'b0', 'b1', 'c0']);
  });

  it('draws wildcards anew for each seed', () => {
    const options = { defaultModel: 'tiny', pathOf: () => [], wildcards: new Map([['c', ['red', 'blue']]]) };
    const { images } = expandPrompts([{ prompt: '__c__', count: 20 }], {}, options);
    expect(new Set(images.map((image) => image.recipe.prompt))).toEqual(new Set(['red', 'blue']));
  });

  it('renders what stands twice once and counts it', () => {
    const expansion = expand([{ prompt: 'a' }, { prompt: 'b' }, { prompt: 'a' }, { prompt: '{a|a}' }]);
    expect(expansion.images).toHaveLength(2);
    expect(expansion.duplicates).toBe(3);
  });

  it('does not take prompts that differ in one field for the same', () => {
    const expansion = expand([{ prompt: 'a' }, { prompt: 'a', steps: 21 }, { prompt: 'a', negativePrompt: 'b' }]);
    expect(expansion).toMatchObject({ duplicates: 0, images: { length: 3 } });
  });

  it.each([
    [{ model: 'gpt' }, {}, `Expected \`prompts[0].model\` to be one of ${known}, got \`gpt\``],
    [{}, { model: 'gpt' }, `Expected \`model\` to be one of ${known}, got \`gpt\``],
    [
      { width: 256 },
      {},
      'Expected `prompts[0].width` to be 64 to 128 pixels and a multiple of 8 for the model `tiny`, got `256`',
    ],
    [
      {},
      { height: 136 },
      'Expected `height` to be 64 to 128 pixels and a multiple of 8 for the model `tiny`, got `136`',
    ],
    [
      { scheduler: 'pndm' as const },
      {},
      'Expected `prompts[0].scheduler` to be one of ddim, dpmpp-2m for the model `tiny`, got `pndm`',
    ],
    [
      {
        loras: [
          { name: 'grain', weight: 1 },
          { name: 'ink', weight: 1 },
        ],
      },
      {},
      'Expected `prompts[0].loras` to be empty for the model `tiny`, got `grain, ink`',
    ],
  ])('says where %j in the job %j does not fit the model', (item, job, message) => {
    expect(messages([{ prompt: 'a', ...item }], job)).toEqual([message]);
  });

  it.each([{ width: 64, height: 128 }, { width: 128, height: 64 }, { scheduler: 'dpmpp-2m' as const }, { loras: [] }])(
    "takes the model's limits: %j",
    (item) => {
      expect(messages([{ prompt: 'a', ...item }])).toEqual([]);
    },
  );

  it('holds a size below the smallest of the model against it', () => {
    expect(messages([{ prompt: 'a', width: 248, height: 256 }], {}, 'sd-1.5')).toEqual([
      'Expected `prompts[0].width` to be 256 to 1024 pixels and a multiple of 8 for the model `sd-1.5`, got `248`',
    ]);
  });

  it("makes one problem of a wrong default of the job, and one of each prompt's own", () => {
    expect(messages([{ prompt: 'a' }, { prompt: 'b' }], { width: 256 })).toHaveLength(1);
    expect(
      messages([
        { prompt: 'a', width: 256 },
        { prompt: 'b', width: 256 },
      ]),
    ).toHaveLength(2);
  });

  it.each(modelIds.filter((id) => !renderedModelIds.includes(id)))(
    'refuses %s, which the worker does not render yet',
    (model) => {
      const reason = 'it can be imported, the worker does not render it yet';
      const text = (path: string) => `Expected \`${path}\` to be one of ${known}, got \`${model}\`: ${reason}`;
      expect(messages([{ prompt: 'a', model }])).toEqual([text('prompts[0].model')]);
      expect(messages([{ prompt: 'a' }], {}, model)).toEqual([text('model')]);
    },
  );

  it('names the default model where it is the one that is not known', () => {
    expect(messages([{ prompt: 'a' }], {}, 'gpt')[0]).toMatch(/got `gpt`$/);
  });

  it('goes on after an unknown model, to report the rest', () => {
    expect(
      messages([
        { prompt: 'a', model: 'x' },
        { prompt: 'b', width: 256, height: 256 },
      ]),
    ).toHaveLength(3);
  });
});

describe('the optional parts of a recipe', () => {
  const starts = new Map([['s3://b/k', { image: 's3://b/start-images/f', sha256: 'f' }]]);
  const first = (item: Partial<PromptItem>, job: Partial<JobInput> = {}) =>
    expandPrompts([{ prompt: 'a', ...item }], job, { defaultModel: 'tiny', pathOf: () => [], starts }).images[0]
      ?.recipe;

  it('are absent, not undefined, where nothing is said', () => {
    expect(Object.keys(first({}) ?? {})).not.toContain('start');
    expect(Object.keys(first({ safety: 'block' }) ?? {})).not.toContain('safety');
  });

  it("are the prompt's own over the job's", () => {
    const job = { startImage: 's3://b/k', strength: 0.4, safety: 'reseed' as const };
    const start = { image: 's3://b/start-images/f', sha256: 'f', strength: 0.4 };
    expect(first({}, job)).toMatchObject({ start, safety: { policy: 'reseed', tries: 3 } });
    expect(first({ strength: 0.9, safety: 'off' }, job)).toMatchObject({
      start: { ...start, strength: 0.9 },
      safety: { policy: 'off' },
    });
    expect(first({ safety: 'block' }, job)).not.toHaveProperty('safety');
  });

  it('leave out a start image that could not be read: that is a problem already', () => {
    expect(first({ startImage: 's3://b/none' })).not.toHaveProperty('start');
    expect(messages([{ prompt: 'a', startImage: 's3://b/none' }])).toEqual([]);
  });

  it('are held against the model and the steps, by their path', () => {
    const found = expand([{ prompt: 'a', startImage: 's3://b/k', strength: 0.1, steps: 9 }]).problems;
    expect(found.map(({ path }) => path)).toEqual(['prompts[0].strength']);
    expect(expand([{ prompt: 'a', strength: 0.1 }]).problems.map(({ path }) => path)).toEqual(['prompts[0].strength']);
  });
});

describe('the syntax of the texts', () => {
  it('is checked after choices and wildcards, once a prompt', () => {
    const wildcards = new Map([['c', ['(secret:1.3)']]]);
    const options = { defaultModel: 'tiny', pathOf: () => ['prompts', 0], wildcards };
    const { problems } = expandPrompts([{ prompt: '{a|b} __c__', count: 3 }], {}, options);
    expect(problems.map(({ path }) => path)).toEqual(['prompts[0].prompt']);
    expect(problems[0]?.message).not.toContain('secret');
  });

  it("names the job's negative prompt once for all prompts", () => {
    expect(messages([{ prompt: 'a' }, { prompt: 'b' }], { negativePrompt: '[x]' })).toHaveLength(1);
  });
});

describe('the texts of choices', () => {
  it.each(['{|big} dog', 'dog {big|}'])('are trimmed as prompts are: %j', (prompt) => {
    for (const recipe of recipesOf([{ prompt }])) expect(recipe.prompt).toBe(recipe.prompt.trim());
  });

  it('are in composed form as prompts are', () => {
    for (const { prompt } of recipesOf([{ prompt: '{e|a}\u0301' }])) expect(prompt).toBe(prompt.normalize('NFC'));
  });

  it('are refused when one is empty, by their path', () => {
    const path = 'prompts[0].prompt';
    const message = `Expected \`${path}\` to have 1 to ${promptLimit} characters with each choice and wildcard`;
    expect(expand([{ prompt: '{a|}' }]).problems).toEqual([{ path, message }]);
  });

  it('are refused when one is too long with its wildcards, and taken at the limit', () => {
    const draw = (length: number) => {
      const wildcards = new Map([['c', ['x'.repeat(length)]]]);
      return expandPrompts([{ prompt: '__c__' }], {}, { defaultModel: 'tiny', pathOf: () => [], wildcards });
    };
    expect(draw(promptLimit).problems).toEqual([]);
    expect(draw(promptLimit + 1).problems).toHaveLength(1);
  });

  it('are all made where seeds draw entries with different numbers of choices', () => {
    const wildcards = new Map([['c', ['red', '{blue|green}']]]);
    const options = { defaultModel: 'tiny', pathOf: () => [], wildcards };
    const { images } = expandPrompts([{ prompt: '__c__', count: 20 }], {}, options);
    const seeds = (prompt: string) =>
      images.filter((image) => image.recipe.prompt === prompt).map((i) => i.recipe.seed);
    expect(seeds('blue').length).toBeGreaterThan(0);
    expect(seeds('green')).toEqual(seeds('blue'));
    expect([...seeds('red'), ...seeds('blue')].toSorted((a, b) => a - b)).toEqual([...Array(20).keys()]);
  });

  it('are held against the model once, not once a text', () => {
    expect(messages([{ prompt: '{a|b}', width: 256 }])).toHaveLength(1);
  });

  it('are refused when one prompt has more than a job may, and what stands before it is still checked', () => {
    const texts = 2 ** 17;
    expect(texts).toBeGreaterThan(imageLimit);
    const { problems } = expand([{ prompt: 'a', width: 256 }, { prompt: '{a|b}'.repeat(Math.log2(texts)) }]);
    expect(problems.map(({ path }) => path)).toEqual(['prompts[0].width', 'input']);
  });

  it('are refused, not counted out, when there are more than memory holds', async () => {
    const module = new URL('../../../../functions/core/input/expand-prompts.ts', import.meta.url);
    const script = `import { expandPrompts } from ${JSON.stringify(module.href)};
      const options = { defaultModel: 'tiny', pathOf: () => [] };
      console.log(expandPrompts([{ prompt: '{a|b}'.repeat(400) }], {}, options).problems.length);`;
    // In a process of its own with little memory: today it takes all that there is.
    const args = ['--max-old-space-size=64', '--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 5000 }).catch(() => ({
      stdout: '',
    }));
    expect(stdout.trim()).toBe('1');
  });
});

it('refuses a size between the steps of the model', () => {
  expect(messages([{ prompt: 'a', width: 68 }])[0]).toMatch(
    /^Expected `prompts\[0\]\.width` to be .* a multiple of 8 for/,
  );
});
