import { describe, expect, it } from 'vitest';
import { InvalidJob, InvalidPrompt } from '../../functions/core/errors.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import { startedAt } from '../fakes/builders.ts';
import { makeFakeClaims } from '../fakes/claims.ts';
import { setUpValidation } from './validating.ts';

const files = {
  'prompts/a.txt': 'a cat\na dog\n',
  'prompts/broken.jsonl': '"a"\n"b"\n{"prompt": "c"\n',
  'prompts/numbers.csv': 'prompt,seed\na,many\n',
  'prompts/empty.txt': '',
  'prompts/large.txt': 'a\n\nb\n',
  'prompts/a.png': 'x',
  'wildcards/colour.txt': '# colours\nred\n\nblue\n',
  'wildcards/empty.txt': '# nothing yet\n',
};

const setUp = (defaultModel = 'tiny', claims = makeFakeClaims()) => setUpValidation(files, { defaultModel, claims });

describe('a job that is taken', () => {
  it('becomes a small job without prompts, and recipes in the bucket', async () => {
    const { bucket, validate } = setUp();
    expect(await validate({ prompts: ['a cat', 'a {red|blue} dog', 'a cat'], count: 2, maxUsd: 3 })).toEqual({
      jobId: 'job-1',
      startedAt,
      images: 6,
      duplicates: 2,
      models: ['tiny'],
      mode: 'run',
      onDemand: 'never',
      sameGpu: false,
      notify: 'all',
      maxUsd: 3,
    });
    expect(bucket.written).toEqual(['jobs/job-1/job.json', 'jobs/job-1/recipes.jsonl']);
    const recipes = (await readRecipes(bucket, 'job-1')).map((image) => `${image.recipe.prompt} ${image.recipe.seed}`);
    expect(recipes).toEqual(['a cat 0', 'a cat 1', 'a red dog 0', 'a red dog 1', 'a blue dog 0', 'a blue dog 1']);
  });

  it('takes the model of the deployment unless told, and names each model once', async () => {
    expect((await setUp('sd-1.5').validate({ prompt: 'a' })).models).toEqual(['sd-1.5']);
    const prompts = [{ prompt: 'a', model: 'sdxl' }, 'b', { prompt: 'c', model: 'sdxl' }];
    expect((await setUp().validate({ prompts })).models).toEqual(['sdxl', 'tiny']);
  });

  it('reads a prompts file of our bucket', async () => {
    const job = await setUp().validate({ promptsFile: 's3://spot-diffusion/prompts/a.txt', count: 3 });
    expect(job.images).toBe(6);
  });

  it('draws wildcards from the lists of the bucket by the seed of the image', async () => {
    const { bucket, validate } = setUp();
    await validate({ prompt: 'a __colour__ ball', count: 20 });
    const prompts = (await readRecipes(bucket, 'job-1')).map((image) => image.recipe.prompt);
    expect(new Set(prompts)).toEqual(new Set(['a red ball', 'a blue ball']));
  });

  it('reads lists that an editor saved with a byte order mark as those without', async () => {
    const saved = { 'wildcards/colour.txt': '\uFEFFred\n', 'blocklist.txt': '\uFEFFhouse: wolf\n' };
    const { bucket, validate, refusal } = setUpValidation(saved);
    expect((await refusal({ prompt: 'a wolf' })).message).toContain('by its rule `house`');
    await validate({ prompt: 'a __colour__ ball' });
    expect((await readRecipes(bucket, 'job-1')).map((image) => image.recipe.prompt)).toEqual(['a red ball']);
  });

  it('turns readyBy into an instant, counted from the start of the job', async () => {
    const { validate } = setUp();
    const readyBy = async (input: object) => (await validate({ prompt: 'a', ...input })).readyBy;
    expect(await readyBy({})).toBeUndefined();
    expect(await readyBy({ readyBy: '07:00' })).toBe('2026-11-24T07:00:00.000Z');
    expect(await readyBy({ readyBy: '07:00', timeZone: 'Europe/Berlin' })).toBe('2026-11-24T06:00:00.000Z');
    expect(await readyBy({ readyBy: '2026-12-01T07:00+01:00' })).toBe('2026-12-01T06:00:00.000Z');
  });
});

describe('a job of a schedule', () => {
  const night = { name: 'night', time: '2026-11-24T22:00:00Z' };
  const held = (jobId: string) => makeFakeClaims({ 'night 2026-11-24T22:00:00Z': jobId });

  it('claims its time and goes on', async () => {
    const claims = makeFakeClaims();
    const { bucket, validate } = setUp('tiny', claims);
    expect((await validate({ prompt: 'a', schedule: night })).repeatOf).toBeUndefined();
    expect(bucket.written).toEqual(['jobs/job-1/job.json', 'jobs/job-1/recipes.jsonl']);
    expect(await claims.claim({ schedule: 'night', time: night.time, jobId: 'other' })).toBe('job-1');
  });

  it('goes on where its own claim is there already: a retried Lambda', async () => {
    const { bucket, validate } = setUp('tiny', held('job-1'));
    expect((await validate({ prompt: 'a', schedule: night })).repeatOf).toBeUndefined();
    expect(bucket.written).toEqual(['jobs/job-1/job.json', 'jobs/job-1/recipes.jsonl']);
  });

  it('names the job that has its time, and writes nothing', async () => {
    const { bucket, validate } = setUp('tiny', held('job-0'));
    expect(await validate({ prompt: 'a', schedule: night })).toMatchObject({ jobId: 'job-1', repeatOf: 'job-0' });
    expect(bucket.written).toEqual([]);
  });

  it('claims nothing where it is refused: it can be delivered again once it is right', async () => {
    const claims = makeFakeClaims();
    await setUp('tiny', claims).refusal({ prompt: '', schedule: night });
    expect(await claims.claim({ schedule: 'night', time: night.time, jobId: 'later' })).toBe('later');
  });

  it('draws its wildcards anew another night, and the same again the same night; seeds stay as given', async () => {
    const draw = async (schedule?: object) => {
      const { bucket, validate } = setUp();
      expect((await validate({ prompt: 'a __colour__ cat', count: 20, seed: 7, schedule })).schedule).toEqual(schedule);
      const recipes = (await readRecipes(bucket, 'job-1')).map(({ recipe }) => recipe);
      expect(recipes.map(({ seed }) => seed)).toEqual(Array.from({ length: 20 }, (_, index) => 7 + index));
      return recipes.map(({ prompt }) => prompt).join();
    };
    const drawn = await Promise.all([night, { ...night, time: '2026-11-25T22:00:00Z' }, undefined].map(draw));
    expect(new Set(drawn).size).toBe(3);
    expect(await draw(night)).toBe(drawn[0]);
  });

  it('leaves jobs of people alone', async () => {
    expect((await setUp('tiny', held('job-0')).validate({ prompt: 'a' })).repeatOf).toBeUndefined();
  });

  it.each([
    [{ name: '', time: night.time }, '`schedule.name`'],
    [{ name: 'a b', time: night.time }, '`schedule.name` to be 1 to 64 letters'],
    [{ name: 'x'.repeat(65), time: night.time }, '`schedule.name`'],
    [{ name: 'night', time: '22:00' }, '`schedule.time` to be an ISO time in UTC'],
    [{ name: 'night', time: '<aws.scheduler.scheduled-time>' }, '`schedule.time`'],
    [{ name: 'night' }, '`schedule.time`'],
    [{ ...night, foo: 1 }, 'no field `schedule.foo`'],
    ['night', '`schedule`'],
  ])('is refused with %j', async (schedule, text) => {
    const error = await setUp().refusal({ prompt: 'a', schedule });
    expect(error).toBeInstanceOf(InvalidJob);
    expect(error.message).toContain(text);
  });
});

describe('what is refused as InvalidPrompt', () => {
  it.each<[object, string]>([
    [{ prompt: '' }, '`prompt`'],
    [{ prompt: ' \n' }, '`prompt`'],
    [{ prompts: ['a', ''] }, '`prompts[1].prompt`'],
    [{ prompt: 'x'.repeat(2001) }, '2001 characters'],
    [{ prompt: 'a', negativePrompt: 'x'.repeat(2001) }, '`negativePrompt`'],
    [{ prompt: 'a', steps: 0 }, '`steps`'],
    [{ prompt: 'a', steps: 151 }, '`steps`'],
    [{ prompt: 'a', steps: 1.5 }, '`steps`'],
    [{ prompt: 'a', steps: '20' }, '`steps`'],
    [{ prompt: 'a', seed: -1 }, '`seed`'],
    [{ prompt: 'a', guidance: 31 }, '`guidance`'],
    [{ prompt: 'a', count: 0 }, '`count`'],
    [{ prompt: 'a', width: 100 }, '`width` to be a number divisible by 8'],
    [{ prompt: 'a', width: 512 }, '`width` to be 64 to 128 pixels and a multiple of 8'],
    [{ prompt: 'a', height: 512 }, '`height` to be 64 to 128 pixels and a multiple of 8'],
    [{ prompt: 'a', model: 'gpt' }, '`model` to be one of'],
    [{ prompt: 'a', scheduler: 'heun' }, '`scheduler` to be one of'],
    [{ prompt: 'a', scheduler: 'euler' }, '`scheduler` to be one of ddim'],
    [{ prompt: 'a', loras: [{ name: 'ink' }] }, '`loras` to be empty'],
    [{ prompt: 'a (red:1.3) cat' }, '`prompt` to weigh words as `(…)1.3` or `word++`, got `(…:1.3)`'],
    [{ prompts: ['a', 'a [red] cat'] }, '`prompts[1].prompt` to weigh words'],
    [{ prompt: 'a', negativePrompt: '[x]' }, '`negativePrompt` to weigh words'],
    [{ prompt: '(a)3' }, '`prompt` to weigh its words from 0 to 2'],
    [{ prompt: 'a', startImage: 's3://spot-diffusion/none.png' }, '`startImage` to exist, found nothing'],
    [{ prompt: 'a', startImage: 's3://other/in/red.png' }, '`startImage` to be `s3://spot-diffusion/` and a key'],
    [{ prompt: 'a', startImage: 's3://spot-diffusion/prompts/a.txt' }, '`startImage` to be a PNG, JPEG or WebP'],
    [{ prompt: 'a', strength: 0.5 }, '`strength` to come with `startImage`'],
    [{ prompt: 'a', safety: 'on' }, '`safety` to be one of'],
    [{ prompts: ['a', { prompt: 'b', steps: 0 }] }, '`prompts[1].steps`'],
    [{ prompts: ['a', { prompt: 'b', width: 512 }] }, '`prompts[1].width`'],
    [{ prompt: '__none__' }, '`__none__` to have a list at `s3://spot-diffusion/wildcards/none.txt`, found no entry'],
    [{ prompts: ['a', '__empty__'] }, '`__empty__` to have a list'],
    [{ prompts: [] }, '`prompts`'],
    [{ prompts: [{ prompt: 'b', loras: [{ name: 'Ä' }] }] }, '`prompts[0].loras[0].name`'],
  ])('%j', async (input, text) => {
    const error = await setUp().refusal(input);
    expect(error).toBeInstanceOf(InvalidPrompt);
    expect(error.message).toContain(text);
    expect(error.message).toMatch(/^Expected .*\. Nothing was rendered\.$/s);
  });
});

describe('what is refused as InvalidJob', () => {
  const file = (key: string) => ({ promptsFile: `s3://spot-diffusion/prompts/${key}` });
  it.each<[unknown, string]>([
    [null, '`input` to be a value of type object'],
    [[], '`input` to be a value of type object'],
    ['x', '`input` to be a value of type object'],
    [3, '`input` to be a value of type object'],
    [undefined, '`input` to be a value of type object'],
    [{}, 'exactly one of `prompt`, `prompts` or `promptsFile`, got none'],
    [{ prompt: 'a', prompts: ['b'] }, 'got `prompt` and `prompts`'],
    [{ prompt: 'a', foo: 1 }, 'no field `foo`'],
    [{ prompts: [{ prompt: 'a', foo: 1 }] }, 'no field `prompts[0].foo`'],
    [{ prompt: 'a', maxUsd: 0 }, '`maxUsd`'],
    [{ prompt: 'a', mode: 'dry' }, '`mode`'],
    [{ prompt: 'a', steps: 0, maxUsd: 0 }, '`steps`'],
    [{ prompt: 'a', readyBy: 'soon' }, '`readyBy` to be an ISO time with its zone, or HH:MM'],
    [{ prompt: 'a', timeZone: 'Mars' }, '`timeZone`'],
    [{ promptsFile: '' }, '`promptsFile`'],
    [{ promptsFile: 3 }, '`promptsFile`'],
    [file('none.txt'), 'found nothing at `s3://spot-diffusion/prompts/none.txt`'],
    [{ promptsFile: 's3://other/prompts/a.txt' }, 'to begin with `s3://spot-diffusion/`'],
    [{ promptsFile: 's3://spot-diffusion-2/a.txt' }, 'to begin with `s3://spot-diffusion/`'],
    [{ promptsFile: '/etc/passwd.txt' }, 'to begin with `s3://spot-diffusion/`'],
    [file('a.png'), 'to end with .txt, .jsonl, .csv'],
    [file('empty.txt'), 'to hold at least one prompt, got none'],
    [file('broken.jsonl'), '`promptsFile line 3` to hold a prompt, but it is no JSON'],
    [file('numbers.csv'), '`promptsFile line 2.seed`'],
    [{ prompt: '{0|1|2|3|4|5|6|7|8|9|10}', count: 10_000 }, 'at most 100000 images'],
  ])('%j', async (input, text) => {
    const error = await setUp().refusal(input);
    expect(error).toBeInstanceOf(InvalidJob);
    expect(error.message).toContain(text);
    expect(error.message).toContain('Nothing was rendered.');
  });

  it('a field of the file that does not fit the model, with its prompt', async () => {
    const error = await setUp().refusal({ ...file('large.txt'), width: 512 });
    expect(error).toBeInstanceOf(InvalidPrompt);
    expect(error.message).toContain('`width` to be 64 to 128 pixels and a multiple of 8');
  });
});

describe('a refusal', () => {
  it('lists all problems at once, each with its path', async () => {
    const { message } = await setUp().refusal({
      prompts: ['a', { prompt: 'b', steps: 0 }, { prompt: 'c', steps: 1.5 }, ''],
      width: 65,
      maxUsd: -1,
      foo: 1,
    });
    expect(message).toMatch(/^6 problems: /);
    for (const path of ['prompts[1].steps', 'prompts[2].steps', 'prompts[3].prompt', 'width', 'maxUsd', 'foo']) {
      expect(message).toContain(`\`${path}\``);
    }
  });

  it("lists a file's problems together with the job's", async () => {
    const { message } = await setUp().refusal({ promptsFile: 's3://spot-diffusion/prompts/broken.jsonl', steps: 0 });
    expect(message).toContain('`steps`');
    expect(message).toContain('`promptsFile line 3`');
  });

  it("counts a file's prompts where one does not fit the model", async () => {
    const { refusal } = setUpValidation({ 'p.jsonl': '"a"\n{"prompt":"b","width":512}' });
    const { message } = await refusal({ promptsFile: 's3://spot-diffusion/p.jsonl' });
    expect(message).toContain('Expected `promptsFile prompt 2.width` to be 64 to 128 pixels and a multiple of 8');
  });

  it('lists an unknown model together with a wrong number of steps', async () => {
    const { message } = await setUp().refusal({ prompt: 'a', steps: 0, model: 'gpt' });
    expect(message).toContain('`steps`');
    expect(message).toContain('`model`');
  });

  it("holds a file's prompts against the job's own model, also where something else is wrong", async () => {
    const { refusal } = setUpValidation({ 'p.jsonl': '{"prompt":"a","width":512,"height":512}' });
    const input = { promptsFile: 's3://spot-diffusion/p.jsonl', model: 'sd-1.5', maxUsd: -1 };
    expect((await refusal(input)).message).toMatch(/^Expected `maxUsd`/);
  });

  it('quotes no prompt of more than 60 characters in full', async () => {
    const secret = 'the private thoughts of a person who trusts us '.repeat(4).trim();
    const inputs = [
      { prompt: secret.repeat(20) },
      {
        prompts: [
          { prompt: secret, steps: 0 },
          { prompt: 3, negativePrompt: secret.repeat(20) },
        ],
      },
      { prompts: secret },
      secret,
      [secret],
      { promptsFile: { prompt: secret } },
      { prompt: [secret] },
    ];
    for (const input of inputs) expect((await setUp().refusal(input)).message).not.toContain(secret);
  });
});
