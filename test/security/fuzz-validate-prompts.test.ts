import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRecipe } from '../fakes/builders.ts';
import { judge } from '../functions/validating.ts';
import { bent, hostileTexts, mutated } from './hostile.ts';

/** Fixed: the same inputs every time, so that what fails once can be looked at. */
const seed = 20_261_125;

const seen = { taken: 0, refused: 0 };

async function count(input: unknown, files?: Readonly<Record<string, string>>): Promise<void> {
  seen[await judge(input, files)] += 1;
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
    async ([text]) => count({ promptsFile: `s3://spot-diffusion/a.${ending}` }, { [`a.${ending}`]: String(text) }),
    numRuns,
  );

describe('validate-prompts, fuzzed with 2,600 seeded inputs', () => {
  it('takes 1,400 mutated jobs or refuses them by name', { timeout: 120_000 }, async () => {
    await run(fc.tuple(mutated(valid)), async ([input]) => count(input, { 'a.jsonl': jsonl[0] ?? '' }), 1400);
  });

  it('does so for 400 prompts files of each format', { timeout: 120_000 }, async () => {
    await ofFile('jsonl', jsonl, 400);
    await ofFile('csv', csv, 400);
    await ofFile('txt', txt, 400);
  });

  it.each(hostileTexts.map((text, index) => [index, text] as const))(
    'does so for hostile text %i as a prompt, a line, a cell, a field, a name and a file',
    async (_, text) => {
      await count({ prompt: text });
      await count({ prompts: [text, { prompt: 'a', negativePrompt: text, scheduler: text }] });
      await count({ prompt: 'a', model: text, notify: text, timeZone: text, readyBy: text, startImage: text });
      await count({ prompt: 'a', [text]: 1 });
      await count({ promptsFile: text });
      await count({ promptsFile: 's3://spot-diffusion/a.txt' }, { 'a.txt': text });
      await count({ promptsFile: 's3://spot-diffusion/a.csv' }, { 'a.csv': `prompt,${text}\n${text},1\n` });
      await count({ promptsFile: 's3://spot-diffusion/a.jsonl' }, { 'a.jsonl': `${JSON.stringify(text)}\n${text}` });
      await count({ prompt: 'a __colour__ hut' }, { 'wildcards/colour.txt': text });
    },
  );

  it('did both', () => {
    expect(seen.taken).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(1000);
    expect(seen.taken + seen.refused).toBeGreaterThan(2600);
  });
});
