import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from './validating.ts';

const file = 's3://spot-diffusion/a.jsonl';

/** Values that are right or nearly so. */
const odd = fc.oneof(fc.constantFrom(null, '', -1, 0, 1.5, '20', [], {}, true), fc.jsonValue({ maxDepth: 1 }));
const mostly = <T>(right: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: odd });
/** Few of these: of all at once, one is always wrong, and no job is taken. */
const few = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.subarray(Object.entries(fields), { maxLength: 3 }).chain((some) => fc.record(Object.fromEntries(some)));
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
const asked = fc.record({ prompt: mostly(prompt) });
const item = mostly(
  fc.oneof(
    prompt,
    fc.tuple(asked, few(fields)).map(([one, set]) => ({ ...one, ...set })),
  ),
);
/** A job has one of them. */
const prompts = fc.oneof(
  asked,
  fc.record({ prompts: mostly(fc.array(item, { maxLength: 4 })) }),
  fc.record({ promptsFile: mostly(fc.constant(file)) }),
);
const settings = few({
  ...fields,
  maxUsd: mostly(fc.double({ min: 0, max: 5, noNaN: true })),
  readyBy: mostly(fc.constantFrom('07:00', '2026-11-24T07:00Z', 'soon')),
  timeZone: mostly(fc.constantFrom('UTC', 'Europe/Berlin', 'Mars')),
  onDemand: mostly(fc.constantFrom('never', 'only')),
});
/** In brackets it is a field like any other; without them it would set the prototype, and no job would have it. */
const strange = fc.record({ ['__proto__']: odd, constructor: odd }, { requiredKeys: [] });
const rarely = fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: strange });
const job = fc.tuple(prompts, settings, rarely).map(([one, set, extra]) => ({ ...one, ...set, ...extra }));

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
        seen[await judge(JSON.parse(JSON.stringify(input)), { 'a.jsonl': text })] += 1;
      }),
      { numRuns: 400 },
    );
    expect(seen.taken).toBeGreaterThan(0);
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
    await judge({ prompt: text }, { 'wildcards/long.txt': 'a long entry' });
  });

  it.each(['', 'not json', '\u0000', '[[[[', '{"prompt":'.repeat(50), '"a"\n'.repeat(3000)])(
    'does so for a prompts file of %#',
    async (text) => {
      await judge({ promptsFile: file }, { 'a.jsonl': text });
    },
  );
});
