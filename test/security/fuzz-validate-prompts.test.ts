import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidJob, InvalidPrompt } from '../../functions/core/errors.ts';
import { jobSchema } from '../../functions/core/input/job-schema.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import { makeValidatePrompts } from '../../functions/validate-prompts.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aRecipe, startedAt } from '../fakes/builders.ts';
import { makeFakeClaims } from '../fakes/claims.ts';
import { bent, hostileTexts, mutated } from './hostile.ts';

/** Fixed: the same inputs every time, so that what fails once can be looked at. */
const seed = 20_261_125;
const longestMs = 1000;
/** A Fail state's cause, and far below what Lambda gives back. */
const longestMessage = 32_768;
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]|\p{Cs}/u;

const seen = { taken: 0, refused: 0 };

/** The whole handler on fakes: a job that later states can read, or an error of the table in one line, within a second. */
async function judge(input: unknown, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const bucket = makeFakeBucket({
    'red.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
    'wildcards/colour.txt': 'red\nblue\n<script>',
    'blocklist.txt': 'rule: blocked phrase',
    ...files,
  });
  const handler = makeValidatePrompts({ bucket, claims: makeFakeClaims(), defaultModel: 'tiny' });
  const began = performance.now();
  try {
    const job = await handler({ jobId: 'job-1', startedAt, input });
    expect(jobSchema.parse(JSON.parse(JSON.stringify(job)))).toEqual(job);
    const recipes = await readRecipes(bucket, 'job-1');
    expect(recipes).toHaveLength(job.images);
    for (const { hash, recipe } of recipes) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(recipe.prompt.isWellFormed()).toBe(true);
      expect(recipe.prompt).not.toContain('\u0000');
    }
    seen.taken += 1;
  } catch (error) {
    if (!(error instanceof InvalidJob || error instanceof InvalidPrompt)) throw error;
    expect(error.message).toMatch(/Nothing was rendered\.$/);
    expect(error.message).not.toMatch(unprintable);
    expect(error.message.length).toBeLessThan(longestMessage);
    expect(bucket.written).toEqual([]);
    seen.refused += 1;
  }
  expect(performance.now() - began).toBeLessThan(longestMs);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
}

const valid = [
  { prompt: 'a red circle', count: 2, seed: 1 },
  {
    prompts: ['a {red|blue} ball', { prompt: 'a __colour__ hut', steps: 10, width: 64, loras: [] }],
    model: 'tiny',
    negativePrompt: 'blurry',
    guidance: 2,
    scheduler: 'ddim',
    maxUsd: 1,
    readyBy: '07:00',
    timeZone: 'Europe/Berlin',
    onDemand: 'fallback',
    notify: 'all',
    schedule: { name: 'night', time: '2026-11-24T07:00:00Z' },
  },
  { prompt: 'a hut', startImage: 's3://spot-diffusion/red.png', strength: 0.5, model: 'sd-1.5', safety: 'reseed' },
  { promptsFile: 's3://spot-diffusion/a.jsonl', sameGpu: true, mode: 'plan' },
];
const jsonl = [
  `${JSON.stringify({ prompt: 'a red circle', seed: 3 })}\n"a bare text"\n${JSON.stringify({ ...aRecipe(), hash: 'x', status: 'failed' })}\n`,
  `${JSON.stringify({ prompt: 'größer 猫 🦊', loras: [{ name: 'ink', weight: 1 }] })}\n`,
];
const csv = ['prompt,seed,steps\na red circle,1,10\n"a, ""quoted"" hut",2,\n', '\ufeffprompt;x\na;b\n', 'prompt\na\n'];
const txt = ['a red circle\n# a comment\n\na __colour__ hut\n', 'größer 猫 🦊\n'];

const run = (arbitrary: fc.Arbitrary<unknown[]>, check: (given: unknown[]) => Promise<void>, numRuns: number) =>
  fc.assert(fc.asyncProperty(arbitrary, check), { numRuns, seed, endOnFailure: true });

const ofFile = (ending: string, texts: readonly string[], numRuns: number) =>
  run(
    fc.tuple(bent(texts)),
    async ([text]) => judge({ promptsFile: `s3://spot-diffusion/a.${ending}` }, { [`a.${ending}`]: String(text) }),
    numRuns,
  );

describe('validate-prompts, fuzzed with 2,600 seeded inputs', () => {
  it('takes 1,400 mutated jobs or refuses them by name', { timeout: 120_000 }, async () => {
    await run(fc.tuple(mutated(valid)), async ([input]) => judge(input, { 'a.jsonl': jsonl[0] ?? '' }), 1400);
  });

  it('does so for 400 prompts files of each format', { timeout: 120_000 }, async () => {
    await ofFile('jsonl', jsonl, 400);
    await ofFile('csv', csv, 400);
    await ofFile('txt', txt, 400);
  });

  it.each(hostileTexts.map((text, index) => [index, text] as const))(
    'does so for hostile text %i as a prompt, a line, a cell, a field, a name and a file',
    async (_, text) => {
      await judge({ prompt: text });
      await judge({ prompts: [text, { prompt: 'a', negativePrompt: text, scheduler: text }] });
      await judge({ prompt: 'a', model: text, notify: text, timeZone: text, readyBy: text, startImage: text });
      await judge({ prompt: 'a', [text]: 1 });
      await judge({ promptsFile: text });
      await judge({ promptsFile: 's3://spot-diffusion/a.txt' }, { 'a.txt': text });
      await judge({ promptsFile: 's3://spot-diffusion/a.csv' }, { 'a.csv': `prompt,${text}\n${text},1\n` });
      await judge({ promptsFile: 's3://spot-diffusion/a.jsonl' }, { 'a.jsonl': `${JSON.stringify(text)}\n${text}` });
      await judge({ prompt: 'a __colour__ hut' }, { 'wildcards/colour.txt': text });
    },
  );

  it('did both', () => {
    expect(seen.taken).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(1000);
    expect(seen.taken + seen.refused).toBeGreaterThan(2600);
  });
});
