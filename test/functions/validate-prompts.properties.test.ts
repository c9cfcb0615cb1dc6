import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidJob, InvalidPrompt } from '../../functions/core/errors.ts';
import { jobSchema } from '../../functions/core/input/job-schema.ts';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import { makeValidatePrompts } from '../../functions/validate-prompts.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { startedAt } from '../fakes/builders.ts';
import { makeFakeClaims } from '../fakes/claims.ts';

const file = 's3://spot-diffusion/a.jsonl';

/** Validates and says what came of it; a slow or strange end fails the test. */
async function judge(input: unknown, text = ''): Promise<'taken' | 'refused'> {
  const bucket = makeFakeBucket({
    'a.jsonl': text,
    'red.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
    'blocklist.txt': 'rule: blocked phrase',
    'wildcards/colour.txt': 'red\nblue',
    'wildcards/long.txt': 'a long entry',
  });
  const before = performance.now();
  try {
    const job = await makeValidatePrompts({ bucket, claims: makeFakeClaims(), defaultModel: 'tiny' })({
      jobId: 'job-1',
      startedAt,
      input,
    });
    expect(jobSchema.parse(job)).toEqual(job);
    expect(await readRecipes(bucket, 'job-1')).toHaveLength(job.images);
    return 'taken';
  } catch (error) {
    if (!(error instanceof InvalidJob || error instanceof InvalidPrompt)) throw error;
    expect(error.message).toMatch(/Nothing was rendered\.$/);
    expect(bucket.written).toEqual([]);
    return 'refused';
  } finally {
    expect(performance.now() - before).toBeLessThan(1000);
  }
}

/** Values that are right or nearly so. */
const odd = fc.oneof(fc.constantFrom(null, '', -1, 0, 1.5, '20', [], {}, true), fc.jsonValue({ maxDepth: 1 }));
const mostly = <T>(right: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: odd });
const prompt = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('a {red|blue} ball', ' ', '{a|b|c} {1|2}', 'a __colour__ ball', '__none__', '(a)1.3 b++', '(a:1.3)'),
);
const fields = {
  seed: mostly(fc.integer({ min: 0, max: 2 ** 32 })),
  steps: mostly(fc.integer({ min: 0, max: 151 })),
  width: mostly(fc.constantFrom(64, 72, 100, 128, 512)),
  guidance: mostly(fc.double({ min: -1, max: 31 })),
  scheduler: mostly(fc.constantFrom('ddim', 'euler')),
  count: mostly(fc.integer({ min: 1, max: 20 })),
  model: mostly(fc.constantFrom('tiny', 'sd-1.5', 'gpt')),
  startImage: mostly(fc.constantFrom('s3://spot-diffusion/red.png', 's3://spot-diffusion/a.jsonl', 's3://other/a.png')),
  strength: mostly(fc.double({ min: 0, max: 1 })),
  safety: mostly(fc.constantFrom('off', 'block', 'reseed')),
};
const item = mostly(fc.oneof(prompt, fc.record({ prompt: mostly(prompt), ...fields }, { requiredKeys: ['prompt'] })));
const job = fc.record(
  {
    prompt: mostly(prompt),
    prompts: mostly(fc.array(item, { maxLength: 4 })),
    promptsFile: mostly(fc.constant(file)),
    ...fields,
    maxUsd: mostly(fc.double({ min: 0, max: 5, noNaN: true })),
    readyBy: mostly(fc.constantFrom('07:00', '2026-11-24T07:00Z', 'soon')),
    timeZone: mostly(fc.constantFrom('UTC', 'Europe/Berlin', 'Mars')),
    onDemand: mostly(fc.constantFrom('never', 'only')),
    __proto__: odd,
    constructor: odd,
  },
  { requiredKeys: [] },
);

describe('validate-prompts, for any JSON', () => {
  it('takes a job or refuses it by name, within a second', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (input) => void (await judge(input))),
      { numRuns: 300 },
    );
  });

  it('does so for what is nearly a job', async () => {
    const seen = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(job, fc.array(item, { maxLength: 4 }), async (input, lines) => {
        // What comes in has been JSON: no undefined, NaN is null.
        const text = lines.map((line) => JSON.stringify(line)).join('\n');
        seen[await judge(JSON.parse(JSON.stringify(input)), text)] += 1;
      }),
      { numRuns: 400 },
    );
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('takes every job that keeps the rules', async () => {
    const good = fc.record({
      prompts: fc.array(
        fc
          .string({ minLength: 1, maxLength: 30 })
          .filter((text) => text.trim() !== '' && !/[{([<]|__|\+\+|--/.test(text)),
        { minLength: 1, maxLength: 5 },
      ),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      steps: fc.integer({ min: 1, max: 150 }),
      width: fc.integer({ min: 8, max: 16 }).map((eighths) => eighths * 8),
      count: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(good, async (input) => {
        expect(await judge(input)).toBe('taken');
      }),
    );
  });

  it.each([
    ['an empty choice', '{a|}'],
    ['a text that grows when composed', '\u0958'.repeat(2000)],
    ['a wildcard with a name longer than a key of S3', `__${'a'.repeat(1100)}__`],
    ['a text that wildcards make too long', '__long__ '.repeat(200)],
  ])('lets nothing through that no later state can read: %s', async (_, text) => {
    await judge({ prompt: text });
  });

  it.each(['', 'not json', '\u0000', '[[[[', '{"prompt":'.repeat(50), '"a"\n'.repeat(3000)])(
    'does so for a prompts file of %#',
    async (text) => {
      await judge({ promptsFile: file }, text);
    },
  );
});
