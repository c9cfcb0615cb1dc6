import { describe, expect, it } from 'vitest';
import { jobInputDocument, parseJobInput, parsePromptItem } from '../../../../functions/core/input/job-input.ts';

const messages = (raw: unknown) => parseJobInput(raw).problems.map((problem) => problem.message);
const paths = (raw: unknown) => parseJobInput(raw).problems.map((problem) => problem.path);

describe('parseJobInput', () => {
  it('fills in the defaults of the job and leaves those of the model open', () => {
    expect(parseJobInput({ prompt: 'a cat' })).toEqual({
      input: { prompt: 'a cat', mode: 'run', timeZone: 'UTC', onDemand: 'never', sameGpu: false, notify: 'all' },
      problems: [],
    });
  });

  it('trims prompts and composes their accents', () => {
    const { input } = parseJobInput({ prompts: [' u\u0308ber\n', { prompt: '\ta ' }], negativePrompt: ' e\u0301 ' });
    expect(input?.prompts).toEqual([{ prompt: 'über' }, { prompt: 'a' }]);
    expect(input?.negativePrompt).toBe('é');
  });

  it('takes every field at its limits', () => {
    const given = {
      prompts: [{ prompt: 'x'.repeat(2000), count: 10_000, steps: 150, seed: 2 ** 32 - 1, guidance: 30 }],
      count: 1,
      steps: 1,
      seed: 0,
      guidance: 0,
      width: 64,
      height: 2048,
      loras: Array.from({ length: 4 }, (_, index) => ({ name: `l${index}`, weight: -2 })),
      startImage: 's3://b/k',
      strength: 0.01,
      safety: 'reseed',
      maxUsd: 0.01,
      maxUsdPerHour: 0.01,
      notify: 'n'.repeat(64),
    };
    expect(messages(given)).toEqual([]);
  });

  it.each([null, [], 'x', 3, true, undefined])('refuses %j, which is no object', (raw) => {
    expect(parseJobInput(raw).input).toBeUndefined();
    expect(paths(raw)).toContain('input');
    expect(messages(raw)[0]).toMatch(/^Expected `input` to be a value of type object, got /);
  });

  it.each([
    [{}, 'none'],
    [{ prompt: 'a', prompts: ['b'] }, '`prompt` and `prompts`'],
    [{ prompt: 'a', promptsFile: 's3://b/a.txt' }, '`prompt` and `promptsFile`'],
    [{ prompt: 'a', prompts: ['b'], promptsFile: 's3://b/a.txt' }, '`prompt` and `prompts` and `promptsFile`'],
  ])('wants exactly one source of prompts: %j', (raw, found) => {
    expect(messages(raw)).toEqual([`Expected exactly one of \`prompt\`, \`prompts\` or \`promptsFile\`, got ${found}`]);
  });

  const bad: readonly (readonly [object, string])[] = [
    [{ prompt: '' }, 'Expected `prompt` to be a text that is not empty, got `` (string)'],
    [{ prompt: ' \n\t' }, 'Expected `prompt` to be a text that is not empty, got ` \n\t` (string)'],
    [{ prompt: 'x'.repeat(2001) }, 'Expected `prompt` to be a text of at most 2000 characters, got 2001 characters'],
    [{ prompt: 7 }, 'Expected `prompt` to be a value of type string, got `7` (number)'],
    [{ prompt: null }, 'Expected `prompt` to be a value of type string, got `null` (null)'],
    [{ prompts: [] }, 'Expected `prompts` to be a list of at least 1, got `[]` (array)'],
    [{ prompts: 'a' }, 'Expected `prompts` to be a value of type array, got `a` (string)'],
    [{ prompts: [{}] }, 'Expected `prompts[0].prompt` to be a value of type string, got nothing'],
    [{ prompt: 'a', steps: 0 }, 'Expected `steps` to be a number of at least 1, got `0` (number)'],
    [{ prompt: 'a', steps: 151 }, 'Expected `steps` to be a number of at most 150, got `151` (number)'],
    [{ prompt: 'a', steps: 1.5 }, 'Expected `steps` to be an integer, got `1.5` (number)'],
    [{ prompt: 'a', steps: '20' }, 'Expected `steps` to be a value of type number, got `20` (string)'],
    [{ prompt: 'a', width: 100 }, 'Expected `width` to be a number divisible by 8, got `100` (number)'],
    [{ prompt: 'a', height: 56 }, 'Expected `height` to be a number of at least 64, got `56` (number)'],
    [{ prompt: 'a', seed: -1 }, 'Expected `seed` to be a number of at least 0, got `-1` (number)'],
    [{ prompt: 'a', seed: 2 ** 32 }, 'Expected `seed` to be a number of at most 4294967295, got `4294967296` (number)'],
    [{ prompt: 'a', guidance: 31 }, 'Expected `guidance` to be a number of at most 30, got `31` (number)'],
    [{ prompt: 'a', count: 10_001 }, 'Expected `count` to be a number of at most 10000, got `10001` (number)'],
    [{ prompt: 'a', count: 0 }, 'Expected `count` to be a number of at least 1, got `0` (number)'],
    [
      { prompt: 'a', scheduler: 'heun' },
      'Expected `scheduler` to be one of `ddim`, `euler`, `euler-a`, `dpmpp-2m`, `dpmpp-2m-karras`, `pndm`, got `heun` (string)',
    ],
    [{ prompt: 'a', mode: 'dry' }, 'Expected `mode` to be one of `run`, `plan`, got `dry` (string)'],
    [
      { prompt: 'a', onDemand: 'yes' },
      'Expected `onDemand` to be one of `never`, `fallback`, `only`, got `yes` (string)',
    ],
    [{ prompt: 'a', sameGpu: 1 }, 'Expected `sameGpu` to be a value of type boolean, got `1` (number)'],
    [{ prompt: 'a', notify: '' }, 'Expected `notify` to be a text that is not empty, got `` (string)'],
    [
      { prompt: 'a', loras: [{}, {}, {}, {}, {}].map((_, index) => ({ name: `l${index}` })) },
      'Expected `loras` to be a list of at most 4, got `[{"name":"l0"},{"name":"l1"},{"name":"l2"},{"name":"l3"},...` (array)',
    ],
    [
      { prompt: 'a', loras: [{ name: 'Ä' }] },
      'Expected `loras[0].name` to be a name of lower-case letters, digits, `.`, `_` and `-`, got `Ä` (string)',
    ],
    [{ prompt: 'a', stepz: 3 }, 'Expected no field `stepz`: it is not known. See the README for the fields of a job'],
    [
      { prompts: [{ prompt: 'a', maxUsd: 1 }] },
      'Expected no field `prompts[0].maxUsd`: it is not known. See the README for the fields of a job',
    ],
    [{ prompt: 'a', strength: 0 }, 'Expected `strength` to be a number of at least 0.01, got `0` (number)'],
    [{ prompt: 'a', strength: 1.1 }, 'Expected `strength` to be a number of at most 1, got `1.1` (number)'],
    [{ prompt: 'a', startImage: '' }, 'Expected `startImage` to be a text that is not empty, got `` (string)'],
    [
      { prompt: 'a', startImage: { image: 'x' } },
      'Expected `startImage` to be a value of type string, got `{"image":"x"}` (object)',
    ],
    [
      { prompts: [{ prompt: 'a', safety: 'on' }] },
      'Expected `prompts[0].safety` to be one of `off`, `block`, `reseed`, got `on` (string)',
    ],
    [{ prompt: 'a', timeZone: 'Mars/Olympus' }, 'Expected `timeZone` to be an IANA time zone such as `Europe/Berlin`'],
    [{ prompt: 'a', timeZone: '+01:00' }, 'Expected `timeZone` to be an IANA time zone such as `Europe/Berlin`'],
    [{ prompt: 'a', maxUsd: 0 }, 'Expected `maxUsd` to be a number above 0, got `0` (number)'],
  ];
  it.each(bad)('says what is wrong with %j', (raw, message) => {
    expect(parseJobInput(raw)).toEqual({ input: undefined, problems: [{ path: expect.any(String), message }] });
  });

  it.each([0, -1, '5', null])('wants `maxUsd` and `maxUsdPerHour` to be an amount above 0, not %j', (usd) => {
    expect(paths({ prompt: 'a', maxUsd: usd, maxUsdPerHour: usd })).toEqual(['maxUsd', 'maxUsdPerHour']);
  });

  it('says of a bare prompt that is too long or empty how it is', () => {
    expect(paths({ prompts: ['a', '', 'x'.repeat(2001)] })).toEqual(['prompts[1].prompt', 'prompts[2].prompt']);
  });

  it('shows what was found of a bare prompt', () => {
    expect(messages({ prompts: ['', 'x'.repeat(2001)] })).toEqual([
      'Expected `prompts[0].prompt` to be a text that is not empty, got `` (string)',
      'Expected `prompts[1].prompt` to be a text of at most 2000 characters, got 2001 characters',
    ]);
  });

  it('reports all problems at once, each with its path', () => {
    const raw = { prompts: ['a', { prompt: 'b', steps: 0, foo: 1 }, { prompt: '' }], maxUsd: -1, width: 65 };
    expect(paths(raw).sort()).toEqual(['maxUsd', 'prompts[1].foo', 'prompts[1].steps', 'prompts[2].prompt', 'width']);
  });

  it.each(['07:00', '00:00', '23:59', '2026-11-24T07:00Z', '2026-11-24T07:00:30.5+01:00'])(
    'takes readyBy %s',
    (time) => {
      expect(messages({ prompt: 'a', readyBy: time })).toEqual([]);
    },
  );

  it.each(['7:00', '24:00', '07:60', '2026-11-24', '2026-11-24T07:00', 'tomorrow', 'x07:00', '07:00x', 7])(
    'refuses readyBy %j',
    (time) => {
      expect(paths({ prompt: 'a', readyBy: time })).toEqual(['readyBy']);
    },
  );

  it.each(['2026-13-01T25:00Z', '2026-11-24T25:00Z', '2026-02-30T07:00Z', '2027-02-29T07:00+01:00'])(
    'refuses readyBy %s, which is no day or hour of the calendar',
    (time) => {
      expect(messages({ prompt: 'a', readyBy: time })).toEqual(['Expected `readyBy` to be a time of the calendar']);
    },
  );

  it('takes a readyBy on 29 February of a leap year', () => {
    expect(messages({ prompt: 'a', readyBy: '2028-02-29T07:00Z' })).toEqual([]);
  });
});

describe('parsePromptItem', () => {
  it('takes a text or an object', () => {
    expect(parsePromptItem('a cat', 'line 1')).toEqual({ item: { prompt: 'a cat' }, problems: [] });
    expect(parsePromptItem({ prompt: 'a', steps: 3 }, 'line 1')).toEqual({
      item: { prompt: 'a', steps: 3 },
      problems: [],
    });
  });

  it.each([
    ['', 'Expected `line 3.prompt` to be a text that is not empty, got `` (string)'],
    [3, 'Expected `line 3` to be a value of type object, got `3` (number)'],
    [{ prompt: 'a', seed: 'x' }, 'Expected `line 3.seed` to be a value of type number, got `x` (string)'],
    [{ prompt: 'a', prompts: [] }, expect.stringContaining('Expected no field `line 3.prompts`')],
  ])('names the line of %j', (raw, message) => {
    expect(parsePromptItem(raw, 'line 3')).toEqual({ problems: [{ path: expect.stringMatching(/^line 3/), message }] });
  });
});

describe('jobInputDocument', () => {
  it('is the same contract without the transformation of bare prompts', () => {
    const given = { prompts: ['a', { prompt: 'b', seed: 3 }], maxUsd: 1 };
    expect(jobInputDocument.parse(given).prompts).toEqual(given.prompts);
    expect(jobInputDocument.safeParse({ prompts: [3] }).success).toBe(false);
    expect(jobInputDocument.safeParse({ prompts: [] }).success).toBe(false);
    expect(jobInputDocument.safeParse({ prompt: 'a', foo: 1 }).success).toBe(false);
  });
});
