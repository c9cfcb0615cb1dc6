import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandPrompts } from '../../../../functions/core/input/expand-prompts.ts';
import type { PromptItem } from '../../../../functions/core/input/job-input.ts';
import { manifestOnly } from '../../../../functions/core/input/prompt-of-line.ts';
import type { Recipe } from '../../../../functions/core/input/recipe.ts';
import { type ManifestLine, toManifest, toRequeue } from '../../../../functions/core/receipt/manifest.ts';
import { toJsonLines } from '../../../../functions/core/storage/json-lines.ts';
import { aManifestLine, anImage, aRecord, aRecordOf, aSettlement, images } from '../../../fakes/builders.ts';
import { parsePromptsFile } from '../../../fakes/chunks.ts';

const facts = (over: Partial<Parameters<typeof toManifest>[0]>) => ({
  images: images(3),
  present: new Set<string>(),
  unrecorded: new Map(),
  records: [],
  settlements: [],
  ...over,
});

type Own = Exclude<keyof ManifestLine, keyof Recipe>;

describe('a line of a manifest', () => {
  it('holds nothing beside its prompt that reading it as a prompt would not leave out', () => {
    const own: Readonly<Record<Own, true>> = {
      hash: true,
      status: true,
      reused: true,
      key: true,
      pool: true,
      seconds: true,
      usd: true,
      error: true,
      pixels: true,
      receipt: true,
    };
    expect([...manifestOnly].sort()).toEqual([...Object.keys(own), 'revision'].sort());
  });
});

describe('toManifest', () => {
  const [first, second, third] = images(3);
  if (!first || !second || !third) throw new Error('Expected three images');

  it('has one line per image of the job, in its order, whatever became of it', () => {
    const lines = toManifest(facts({ present: new Set([second.hash]) }));
    expect(lines.map((line) => [line.hash, line.status])).toEqual([
      [first.hash, 'failed'],
      [second.hash, 'delivered'],
      [third.hash, 'failed'],
    ]);
  });

  it('says of an image that it was blocked, and why, and requeues it no more', () => {
    const record = aRecord({ blocked: [{ hash: first.hash, reason: 'flagged 4 times' }] });
    const lines = toManifest(facts({ records: [aRecord(), record] }));
    expect(lines[0]).toMatchObject({ status: 'blocked', error: 'blocked: flagged 4 times', usd: undefined });
    expect(toRequeue(lines).map(({ seed }) => seed)).toEqual([second.recipe.seed, third.recipe.seed]);
    const [there] = toManifest(facts({ records: [record], present: new Set([first.hash]) }));
    expect(there?.status).toBe('delivered');
  });

  it('keeps a start picture and a safety policy for another day', () => {
    const start = { image: 's3://b/start-images/a', sha256: 'a'.repeat(64), strength: 0.5 };
    const line = aManifestLine({ status: 'failed', start, safety: { policy: 'off' } });
    expect(toRequeue([line])[0]).toMatchObject({ start, safety: { policy: 'off' } });
  });

  it('says of an image where it was made, in which time and for what', () => {
    const [line] = toManifest(
      facts({
        images: [first],
        present: new Set([first.hash]),
        records: [aRecordOf([first], { pool: 'use1-az2/g5.xlarge/spot' })],
        settlements: [aSettlement({ usd: 0.25 })],
      }),
    );
    expect(line).toEqual({
      ...first.recipe,
      hash: first.hash,
      status: 'delivered',
      reused: false,
      key: `images/${first.hash}.png`,
      pool: 'use1-az2/g5.xlarge/spot',
      seconds: 2,
      usd: 0.25,
      error: undefined,
      pixels: { sha256: 'f'.repeat(64), device: 'cpu', computeBatch: 4 },
      receipt: {
        cents: 25,
        instanceType: 'g5.xlarge',
        gpu: 'cpu',
        azId: 'use1-az2',
        usdPerHour: 0.344,
        phases: { renderSeconds: 2, bootSeconds: 210, loadSeconds: 6, uploadSeconds: 5, idleSeconds: 0 },
      },
    });
  });

  it('says what the bits of a picture depend on beside its recipe', () => {
    const record = aRecordOf([first], {
      device: 'NVIDIA L4',
      mode: 'channels-last+fused-qkv',
      computeBatch: 8,
      sizes: {
        '64x64': { computeBatch: 16, decodeBatch: 8, isCompiled: false, warmUpSeconds: 0 },
        '128x128': { computeBatch: 8, decodeBatch: 8, isCompiled: false, warmUpSeconds: 0 },
      },
      images: [{ hash: first.hash, seconds: 1, pixelHash: 'e'.repeat(64), effectiveSeed: 7 }],
      versions: { image: '0123abcd' },
    });
    const [line] = toManifest(facts({ images: [first], present: new Set([first.hash]), records: [record] }));
    expect(line?.pixels).toEqual({
      sha256: 'e'.repeat(64),
      device: 'NVIDIA L4',
      image: '0123abcd',
      computeBatch: 16,
      decodeBatch: 8,
      mode: 'channels-last+fused-qkv',
      effectiveSeed: 7,
    });
  });

  it('says of each picture what made it, also where memory and the compiler failed later in its attempt', () => {
    const of = [first, second];
    const pixels = { seconds: 1, pixelHash: 'e'.repeat(64) };
    const record = aRecordOf(of, {
      mode: 'channels-last+compiled-whole',
      sizes: { '64x64': { computeBatch: 8, decodeBatch: 1, isCompiled: false, warmUpSeconds: 0 } },
      images: [
        { hash: first.hash, ...pixels, computeBatch: 16, decodeBatch: 4, mode: 'channels-last+compiled-whole' },
        { hash: second.hash, ...pixels, computeBatch: 8, decodeBatch: 1, mode: 'channels-last' },
      ],
    });
    const lines = toManifest(facts({ images: of, records: [record] }));
    expect(lines.map(({ pixels }) => [pixels?.computeBatch, pixels?.decodeBatch, pixels?.mode])).toEqual([
      [16, 4, 'channels-last+compiled-whole'],
      [8, 1, 'channels-last'],
    ]);
  });

  it('gives $0 to an image that was there before', () => {
    const [line] = toManifest(facts({ present: new Set([first.hash]), settlements: [aSettlement()] }));
    expect(line).toMatchObject({ status: 'delivered', reused: true, usd: 0, pool: undefined, seconds: undefined });
  });

  it('shares what all attempts cost, lost ones included, among the images that were rendered', () => {
    const lines = toManifest(
      facts({
        present: new Set([first.hash, second.hash, third.hash]),
        records: [aRecordOf([first], { outcome: 'SpotInterrupted' }), aRecordOf([second], { attempt: 2 })],
        settlements: [aSettlement({ usd: 0.1 }), aSettlement({ usd: 0.3, attempt: 2 })],
      }),
    );
    expect(lines.map((line) => line.usd)).toEqual([0.2, 0.2, 0]);
  });

  it('counts an image of an attempt that left no record as rendered by it, at its share of the cost', () => {
    const lost = aSettlement({ outcome: 'SpotInterrupted', pool: 'use1-az6/g5.xlarge/spot', usd: 0.1 });
    const lines = toManifest(
      facts({
        present: new Set([first.hash, second.hash, third.hash]),
        records: [aRecordOf([second], { attempt: 2 })],
        settlements: [lost, aSettlement({ usd: 0.3, attempt: 2 })],
        unrecorded: new Map([[first.hash, lost]]),
      }),
    );
    expect(lines[0]).toMatchObject({ status: 'delivered', reused: false, pool: lost.pool, seconds: undefined });
    expect(lines.map((line) => [line.usd, line.reused])).toEqual([
      [0.2, false],
      [0.2, false],
      [0, true],
    ]);
  });

  it('fails an image that a worker claims and the bucket does not hold', () => {
    const [line] = toManifest(facts({ images: [first], records: [aRecordOf([first])] }));
    expect(line).toMatchObject({ status: 'failed', reused: false, error: 'not rendered' });
  });

  it("keeps the worker's last word for an image that it could not render", () => {
    const failed = (message: string) => [{ hash: first.hash, error: 'GenerationFailed', message }];
    const [line, other] = toManifest(
      facts({ records: [aRecord({ failed: failed('first') }), aRecord({ attempt: 2, failed: failed('second') })] }),
    );
    expect(line?.error).toBe('GenerationFailed: second');
    expect(other?.error).toBe('not rendered');
  });

  it('has no error for an image that failed once and is there now', () => {
    const records = [aRecord({ failed: [{ hash: first.hash, error: 'GenerationFailed', message: 'x' }] })];
    expect(toManifest(facts({ records, present: new Set([first.hash]) }))[0]?.error).toBeUndefined();
  });

  it('says nothing of the cost of an image that nobody rendered', () => {
    expect(toManifest(facts({ settlements: [aSettlement()] }))[0]?.usd).toBeUndefined();
  });
});

describe('toRequeue', () => {
  it('holds the recipes of what is missing, without a revision and without results', () => {
    const { hash: _, ...missing } = aManifestLine({ status: 'failed', seed: 9 });
    const lines = toRequeue([aManifestLine(), { ...missing, hash: 'x' }]);
    const { revision: __, ...recipe } = anImage({ seed: 9 }).recipe;
    expect(lines).toEqual([recipe]);
  });
});

it('writes JSON lines that end with a line end', () => {
  expect(toJsonLines([{ a: 1 }, 'b'])).toBe('{"a":1}\n"b"\n');
  expect(toJsonLines([])).toBe('');
});

describe('round trip', () => {
  const options = { defaultModel: 'tiny', pathOf: (index: number) => [index] };
  const hashesOf = (items: readonly PromptItem[]) => expandPrompts(items, {}, options).images.map(({ hash }) => hash);
  const readBack = async (text: string) => {
    const { items, problems } = await parsePromptsFile('s3://b/manifest.jsonl', text);
    expect(problems).toEqual([]);
    return hashesOf(items);
  };
  const item = fc.record<PromptItem>(
    {
      prompt: fc
        .oneof(fc.string({ maxLength: 30, unit: 'grapheme' }), fc.constantFrom('a {red|blue} ball', 'zwei\nZeilen'))
        .map((text) => text.normalize('NFC').trim())
        .filter((text) => text !== '' && !/\{[^{}]*\{|\}[^{}]*\}/.test(text)),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      steps: fc.integer({ min: 1, max: 150 }),
      guidance: fc.double({ min: 0, max: 30, noNaN: true }),
      width: fc.constantFrom(64, 72, 128),
      count: fc.integer({ min: 1, max: 3 }),
      model: fc.constantFrom('tiny'),
    },
    { requiredKeys: ['prompt'] },
  );

  it('reads a manifest and a requeue file back as the same images', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 5 }), async (items) => {
        const { images: made } = expandPrompts(items, {}, options);
        const hashes = made.map(({ hash }) => hash);
        const lines = toManifest(facts({ images: made }));
        expect(await readBack(toJsonLines(lines))).toEqual(hashes);
        expect(await readBack(toJsonLines(toRequeue(lines)))).toEqual(hashes);
      }),
    );
  });

  it('reads back what came of a wildcard whose entry holds choices', async () => {
    const wildcards = new Map([['thing', ['a {red|blue} ball']]]);
    const { images: made } = expandPrompts([{ prompt: '__thing__' }], {}, { ...options, wildcards });
    const lines = toManifest(facts({ images: made }));
    expect(await readBack(toJsonLines(lines))).toEqual(made.map(({ hash }) => hash));
  });

  it.each(['{|big} dog', 'a {b|{c|d}}'])('reads back what came of %j', async (prompt) => {
    const { images: made } = expandPrompts([{ prompt }], {}, options);
    const lines = toManifest(facts({ images: made }));
    expect(await readBack(toJsonLines(toRequeue(lines)))).toEqual(made.map(({ hash }) => hash));
  });
});
