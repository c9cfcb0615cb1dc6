import { describe, expect, it } from 'vitest';
import { findBlocked } from '../../../../functions/core/input/blocklist.ts';
import { addWildcards, readBlocklist, readPrompts, standIn } from '../../../../functions/core/input/read-prompts.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';

const bucket = makeFakeBucket({
  'prompts/night.txt': 'a cat\na dog\n',
  'wildcards/colour.txt': 'red\nblue\n',
  'wildcards/empty.txt': '# none yet\n',
  'wildcards/car.txt': 'a Mini\na __colour__ Mini\n__colour__ or __none__\n',
});
async function readAll(raw: unknown, valid: Parameters<typeof readPrompts>[1] = {}) {
  const { batches, pathOf } = readPrompts(raw, valid, bucket);
  const all = [];
  for await (const batch of batches) all.push(batch);
  return { items: all.flatMap(({ items }) => items), problems: all.flatMap(({ problems }) => problems), pathOf };
}
const readFile = (promptsFile: string) => readAll({ promptsFile }, { promptsFile });

describe('the prompts of a job', () => {
  it('are its prompt', async () => {
    const given = await readAll({ prompt: 'a cat' }, { prompt: 'a cat' });
    expect(given).toMatchObject({ items: [{ prompt: 'a cat' }], problems: [] });
    expect(given.pathOf(0)).toEqual([]);
  });

  it('are those of its list that are right, each under the place at which it stands', async () => {
    const prompts = ['', 'a cat', { prompt: 'a dog', seed: -1 }, { prompt: 'a fox', seed: 3 }];
    const { items, problems, pathOf } = await readAll({ prompts });
    expect(items).toEqual([{ prompt: 'a cat' }, { prompt: 'a fox', seed: 3 }]);
    expect([problems, pathOf(0), pathOf(1)]).toEqual([[], ['prompts', 1], ['prompts', 3]]);
  });

  it('are the lines of its file, counted from one', async () => {
    const { items, problems, pathOf } = await readFile('s3://spot-diffusion/prompts/night.txt');
    expect(items.map(({ prompt }) => prompt)).toEqual(['a cat', 'a dog']);
    expect([problems, pathOf(0), pathOf(1)]).toEqual([[], ['promptsFile prompt 1'], ['promptsFile prompt 2']]);
  });

  it.each([undefined, null, 3, 'a cat', {}])('are none where the input is %j', async (raw) => {
    expect(await readAll(raw)).toMatchObject({ items: [], problems: [] });
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
    expect(standIn.prompt).not.toBe('');
  });
});

describe('the lists of wildcards', () => {
  it('are those that the prompts name', async () => {
    const lists = new Map<string, readonly string[]>();
    expect(await addWildcards(lists, [{ prompt: 'a __colour__ cat' }, { prompt: 'a dog' }], bucket)).toEqual([]);
    expect(lists).toEqual(new Map([['colour', ['red', 'blue']]]));
  });

  it('are read once, and refused once, however many prompts name them', async () => {
    const lists = new Map([['colour', ['green']]]);
    expect(await addWildcards(lists, [{ prompt: 'a __colour__ __none__' }], bucket)).toHaveLength(1);
    expect(await addWildcards(lists, [{ prompt: 'b __colour__ __none__' }], bucket)).toEqual([]);
    expect(lists.get('colour')).toEqual(['green']);
  });

  it.each(['empty', 'none'])('are refused without an entry: %s', async (name) => {
    const problems = await addWildcards(new Map(), [{ prompt: `__${name}__` }], bucket);
    expect(problems).toEqual([
      {
        path: 'prompt',
        message: `Expected \`__${name}__\` to have a list at \`s3://spot-diffusion/wildcards/${name}.txt\`, found no entry there`,
      },
    ]);
  });
});

it('refuses a list with wildcards of its own, which nobody would draw', async () => {
  const problems = await addWildcards(new Map(), [{ prompt: '__car__' }], bucket);
  expect(problems).toEqual(
    ['colour', 'none'].map((name) => ({
      path: 'prompt',
      message: `Expected no wildcard in \`s3://spot-diffusion/wildcards/car.txt\`, got \`__${name}__\``,
    })),
  );
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
