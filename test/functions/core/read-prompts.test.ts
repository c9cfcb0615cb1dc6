import { describe, expect, it } from 'vitest';
import { findBlocked } from '../../../functions/core/blocklist.ts';
import { orStandIn, readBlocklist, readPrompts, readWildcards } from '../../../functions/core/read-prompts.ts';
import { makeFakeBucket } from '../../fakes/bucket.ts';

const bucket = makeFakeBucket({
  'prompts/night.txt': 'a cat\na dog\n',
  'wildcards/colour.txt': 'red\nblue\n',
  'wildcards/empty.txt': '# none yet\n',
});
const readFile = (promptsFile: string) => readPrompts({ promptsFile }, { promptsFile }, bucket);

describe('the prompts of a job', () => {
  it('are its prompt', async () => {
    const given = await readPrompts({ prompt: 'a cat' }, { prompt: 'a cat' }, bucket);
    expect(given).toMatchObject({ items: [{ prompt: 'a cat' }], problems: [] });
    expect(given.pathOf(0)).toEqual([]);
  });

  it('are those of its list that are right, each under the place at which it stands', async () => {
    const prompts = ['', 'a cat', { prompt: 'a dog', seed: -1 }, { prompt: 'a fox', seed: 3 }];
    const { items, problems, pathOf } = await readPrompts({ prompts }, {}, bucket);
    expect(items).toEqual([{ prompt: 'a cat' }, { prompt: 'a fox', seed: 3 }]);
    expect([problems, pathOf(0), pathOf(1)]).toEqual([[], ['prompts', 1], ['prompts', 3]]);
  });

  it('are the lines of its file, counted from one', async () => {
    const { items, problems, pathOf } = await readFile('s3://spot-diffusion/prompts/night.txt');
    expect(items.map(({ prompt }) => prompt)).toEqual(['a cat', 'a dog']);
    expect([problems, pathOf(0), pathOf(1)]).toEqual([[], ['promptsFile prompt 1'], ['promptsFile prompt 2']]);
  });

  it.each([undefined, null, 3, 'a cat', {}])('are none where the input is %j', async (raw) => {
    expect(await readPrompts(raw, {}, bucket)).toMatchObject({ items: [], problems: [] });
  });

  it.each([
    ['s3://other/night.txt', 'to begin with `s3://spot-diffusion/`, got `s3://other/night.txt`'],
    ['s3://spot-diffusion/night.png', 'to end with .txt, .jsonl, .csv, got `s3://spot-diffusion/night.png`'],
    ['s3://spot-diffusion//no.txt', 'to be `s3://spot-diffusion/` and a key, got `s3://spot-diffusion//no.txt`'],
    ['s3://spot-diffusion.evil/a.txt', 'to begin with `s3://spot-diffusion/`, got `s3://spot-diffusion.evil/a.txt`'],
    ['s3://spot-diffusion/no.txt', 'to exist, found nothing at `s3://spot-diffusion/no.txt`'],
  ])('are refused in the file %s', async (promptsFile, wanted) => {
    expect(await readFile(promptsFile)).toMatchObject({
      items: [],
      problems: [{ path: 'promptsFile', message: `Expected \`promptsFile\` ${wanted}` }],
    });
  });

  it('have a stand-in where there is none, so that the rest of the input is checked', () => {
    expect(orStandIn([])).toHaveLength(1);
    expect(orStandIn([{ prompt: 'a' }])).toEqual([{ prompt: 'a' }]);
  });
});

describe('the lists of wildcards', () => {
  it('are those that the prompts name', async () => {
    expect(await readWildcards([{ prompt: 'a __colour__ cat' }, { prompt: 'a dog' }], bucket)).toEqual({
      lists: new Map([['colour', ['red', 'blue']]]),
      problems: [],
    });
  });

  it.each(['empty', 'none'])('are refused without an entry: %s', async (name) => {
    const { problems } = await readWildcards([{ prompt: `__${name}__` }], bucket);
    expect(problems).toEqual([
      {
        path: 'prompt',
        message: `Expected \`__${name}__\` to have a list at \`s3://spot-diffusion/wildcards/${name}.txt\`, found no entry there`,
      },
    ]);
  });
});

describe('the blocklist', () => {
  it('is the file of the bucket', async () => {
    const { blocklist, problems } = await readBlocklist(makeFakeBucket({ 'blocklist.txt': 'house: wolf\nbroken' }));
    expect(findBlocked('a Wolf', blocklist)).toEqual(['house']);
    expect(problems.map(({ path }) => path)).toEqual(['blocklist.txt line 2']);
  });

  it('has no rule where there is no file', async () => {
    const { blocklist, problems } = await readBlocklist(bucket);
    expect([findBlocked('a wolf', blocklist), problems]).toEqual([[], []]);
  });
});
