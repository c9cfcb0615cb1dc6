import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostProblems, promptsFileKinds, readPromptsFile } from '../../../../functions/core/input/prompts-file.ts';
import { collect, parsePromptsFile } from '../../../fakes/chunks.ts';

const read = (name: string, text: string) => parsePromptsFile(`s3://spot-diffusion/${name}`, text);
const prompts = async (name: string, text: string) => (await read(name, text)).items.map((item) => item.prompt);
const messages = async (name: string, text: string) =>
  (await read(name, text)).problems.map((problem) => problem.message);

it('reads the three kinds', () => {
  expect(promptsFileKinds).toEqual(['.txt', '.jsonl', '.csv']);
});

describe.each(['a.txt', 'a.jsonl', 'a.csv'])('any prompts file (%s)', (name) => {
  it.each(['', '\n\n', '\uFEFF'])('is refused when it holds no prompt: %j', async (text) => {
    expect(await read(name, text)).toEqual({
      items: [],
      problems: [{ path: 'promptsFile', message: 'Expected `promptsFile` to hold at least one prompt, got none' }],
    });
  });
});

describe('a .txt file', () => {
  it('holds one prompt a line, with any line end, below a byte order mark', async () => {
    expect(await prompts('a.txt', '\uFEFFa cat\r\n  a dog \n\n \t\n# a note\nno # note\n')).toEqual([
      'a cat',
      'a dog',
      'no # note',
    ]);
  });

  it('keeps a mark that stands within a text', async () => {
    expect(await prompts('a.txt', 'a\uFEFFb')).toEqual(['a\uFEFFb']);
  });

  it('takes JSON and commas for text', async () => {
    expect(await prompts('a.txt', '{"prompt": "a"}\na, b')).toEqual(['{"prompt": "a"}', 'a, b']);
  });

  it('counts blank lines and notes in the number of a broken line', async () => {
    expect(await messages('a.txt', `a\n\n# note\n${'x'.repeat(2001)}`)).toEqual([
      'Expected `promptsFile line 4.prompt` to be a text of at most 2000 characters, got 2001 characters',
    ]);
  });

  it('is refused when it holds notes only', async () => {
    expect(await messages('a.txt', '# one\n# two')).toHaveLength(1);
  });
});

describe('a .jsonl file', () => {
  it('holds a text or an object a line', async () => {
    const { items, problems } = await read(
      'a.jsonl',
      '\uFEFF"a cat"\r\n\n{"prompt":"a dog","seed":3,"loras":[{"name":"ink"}]}\n',
    );
    expect(problems).toEqual([]);
    expect(items).toEqual([{ prompt: 'a cat' }, { prompt: 'a dog', seed: 3, loras: [{ name: 'ink', weight: 1 }] }]);
  });

  it('names the line that is broken and reads the others', async () => {
    const { items, problems } = await read('a.jsonl', '"a"\n"b"\n{"prompt": "c"\n"d"');
    expect(items.map((item) => item.prompt)).toEqual(['a', 'b', 'd']);
    expect(problems).toEqual([
      {
        path: 'promptsFile line 3',
        message: expect.stringMatching(/^Expected `promptsFile line 3` to hold a prompt, but it is no JSON: \S/),
      },
    ]);
  });

  it('reports every broken line with its path', async () => {
    expect(
      (await read('a.jsonl', '3\n{"prompt":"a","steps":0,"foo":1}\nnull\n')).problems
        .map((problem) => problem.path)
        .sort(),
    ).toEqual(['promptsFile line 1', 'promptsFile line 2.foo', 'promptsFile line 2.steps', 'promptsFile line 3']);
  });

  it('passes over what a manifest says beside the recipe', async () => {
    const line = {
      ...{ prompt: 'a', seed: 1, hash: 'f', revision: 'r', status: 'delivered', reused: false },
      ...{ pool: 'p', seconds: 1, usd: 2, key: 'k', error: 'e' },
    };
    expect(await read('a.jsonl', JSON.stringify(line))).toEqual({ items: [{ prompt: 'a', seed: 1 }], problems: [] });
  });

  it('takes the start image and the policy of a recipe, in a manifest and in a requeue file', async () => {
    const start = { image: 's3://b/start-images/f', sha256: 'a'.repeat(64), strength: 0.5 };
    const recipe = { prompt: 'a', start, safety: { policy: 'reseed', tries: 3 } };
    const item = { prompt: 'a', startImage: start.image, strength: 0.5, safety: 'reseed' };
    for (const line of [recipe, { ...recipe, hash: 'f', status: 'failed' }]) {
      expect(await read('a.jsonl', JSON.stringify(line))).toEqual({ items: [item], problems: [] });
    }
    expect((await read('a.jsonl', '{"prompt":"a","safety":"off"}')).items).toEqual([{ prompt: 'a', safety: 'off' }]);
  });

  it.each(['{"prompt":"a","start":{"image":"x"}}', '{"prompt":"a","start":3}', '{"prompt":"a","safety":{"policy":3}}'])(
    'names a part that no recipe has: %s',
    async (line) => {
      expect((await read('a.jsonl', line)).problems).toHaveLength(1);
    },
  );

  it('does not pass over those fields where the line is no line of a manifest', async () => {
    expect((await read('a.jsonl', '{"prompt":"a","status":"delivered"}')).problems).toHaveLength(1);
  });

  it('quotes no prompt in full', async () => {
    const secret = 'a prompt that nobody else should see '.repeat(5);
    expect((await messages('a.jsonl', `{"prompt": "${secret}`)).join()).not.toContain(secret.trim());
    expect((await messages('a.jsonl', JSON.stringify(secret.repeat(20)))).join()).not.toContain(secret.trim());
  });
});

describe('a .csv file', () => {
  it('takes its columns for recipe fields, empty cells for the default', async () => {
    const text = '\uFEFFprompt,seed,guidance,scheduler,count\r\n"a cat, sitting",3,,ddim,\r\n a dog ,,7.5,,2\r\n\r\n';
    expect(await read('a.csv', text)).toEqual({
      items: [
        { prompt: 'a cat, sitting', seed: 3, scheduler: 'ddim' },
        { prompt: 'a dog', guidance: 7.5, count: 2 },
      ],
      problems: [],
    });
  });

  it('reads every numeric column as numbers', async () => {
    const text = 'prompt,seed,width,height,steps,guidance,count,strength\na,1,64,72,20,2.5,3,.5';
    expect((await read('a.csv', text)).items).toEqual([
      { prompt: 'a', seed: 1, width: 64, height: 72, steps: 20, guidance: 2.5, count: 3, strength: 0.5 },
    ]);
  });

  it('says which column is missing, and reads nothing', async () => {
    expect(await read('a.csv', 'text,seed\na,1')).toEqual({
      items: [],
      problems: [
        {
          path: 'promptsFile line 1',
          message:
            'Expected `promptsFile line 1` to hold a prompt, but it is no CSV: its first line names no column `prompt`',
        },
      ],
    });
  });

  it('names the line at which it stops to be CSV', async () => {
    expect((await read('a.csv', 'prompt,seed\na,1\nb,2\nc,3,4\n')).problems.map(({ path }) => path)).toEqual([
      'promptsFile line 4',
    ]);
  });

  it('trims names of columns and cells', async () => {
    expect((await read('a.csv', 'prompt , seed\n a dog , 3 \n')).items).toEqual([{ prompt: 'a dog', seed: 3 }]);
  });

  it('names the line and the field of a bad number', async () => {
    const { items, problems } = await read('a.csv', 'prompt,seed\na,1\nb,many\nc,0x10\nd,1.5');
    expect(items.map((item) => item.seed)).toEqual([1, 16]);
    expect(problems.map((problem) => problem.path)).toEqual(['promptsFile line 3.seed', 'promptsFile line 5.seed']);
  });

  it('refuses an empty prompt with other cells filled', async () => {
    expect(await messages('a.csv', 'prompt,seed\n,1')).toEqual([
      'Expected `promptsFile line 2.prompt` to be a text that is not empty, got `` (string)',
    ]);
  });

  it('refuses an unknown column', async () => {
    expect((await messages('a.csv', 'prompt,mood\na,good'))[0]).toContain(
      'Expected no field `promptsFile line 2.mood`',
    );
  });

  it.each(['prompt,seed\n"a,1\n', 'prompt,seed\na,1,2\n'])('names the line that is no CSV: %j', async (text) => {
    const { items, problems } = await read('a.csv', text);
    expect(items).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/^Expected `promptsFile line \d+` to hold a prompt, but it is no CSV: \S/);
  });

  it('quotes no prompt in full where the header is missing', async () => {
    const secret = 'a prompt that nobody else should see '.repeat(5).trim();
    const all = (await messages('a.csv', `${secret}\nsecond`)).join();
    expect(all).toContain('promptsFile');
    expect(all).not.toContain(secret);
  });
});

describe('a file that comes in pieces', () => {
  it.each(['a.txt', 'a.jsonl', 'a.csv'])('is read the same, wherever it is cut: %s', async (name) => {
    const line = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"a"', '{"prompt":"b"}', '# n', 'x,1', '"'));
    const text = fc
      .tuple(fc.constantFrom('', '\uFEFF'), fc.array(line), fc.constantFrom('\n', '\r\n'))
      .map(([mark, lines, end]) => `${mark}${['prompt,seed', ...lines].join(end)}`);
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), async (whole, length) => {
        expect(await parsePromptsFile(name, whole, length)).toEqual(await parsePromptsFile(name, whole, 1e9));
      }),
    );
  });

  it('is left where too much is wrong', async () => {
    const { items, problems } = await parsePromptsFile('a.jsonl', '{\n'.repeat(30_000), 1000);
    expect(items).toEqual([]);
    expect(problems.length).toBeGreaterThanOrEqual(mostProblems);
    expect(problems.length).toBeLessThan(mostProblems + 1000);
  });

  it('that can not be read to its end is no CSV problem, but the trouble that it is', async () => {
    async function* broken() {
      yield 'prompt\na\n';
      throw new Error('the connection is gone');
    }
    for (const name of ['a.csv', 'a.txt']) {
      await expect(collect(readPromptsFile(name, broken()))).rejects.toThrow('the connection is gone');
    }
  });
});
