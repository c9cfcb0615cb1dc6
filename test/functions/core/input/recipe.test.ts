import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalRecipe,
  hashRecipe,
  isText,
  loraSchema,
  type Recipe,
  recipeSchema,
  stepsDrawn,
  toSafety,
} from '../../../../functions/core/input/recipe.ts';
import { aRecipe } from '../../../fakes/builders.ts';

interface Fixture {
  readonly name: string;
  readonly recipe: Recipe;
  readonly canonical: string;
  readonly hash: string;
}

const fixtures: readonly Fixture[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/recipes.json', import.meta.url), 'utf8'),
);

const recipes = fc.record<Recipe>({
  prompt: fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }).filter((text) => text.isWellFormed()),
  negativePrompt: fc.string({ maxLength: 20 }),
  seed: fc.integer({ min: 0, max: 0xffffffff }),
  model: fc.constantFrom('tiny', 'sd-1.5'),
  revision: fc.stringMatching(/^[0-9a-f]{12}$/),
  width: fc.integer({ min: 8, max: 256 }).map((eighths) => eighths * 8),
  height: fc.integer({ min: 8, max: 256 }).map((eighths) => eighths * 8),
  steps: fc.integer({ min: 1, max: 150 }),
  guidance: fc.double({ min: 0, max: 30, noNaN: true }),
  scheduler: fc.constantFrom('ddim', 'euler'),
  loras: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), weight: fc.double({ min: -2, max: 2, noNaN: true }) })),
});

describe('the steps that are drawn', () => {
  it('are all of them, and from a start image the last of them, rounded down', () => {
    expect(stepsDrawn(aRecipe({ steps: 25 }))).toBe(25);
    expect(stepsDrawn({ steps: 25, start: { strength: 0.1 } })).toBe(2);
    expect(stepsDrawn({ steps: 25, start: { strength: 1 } })).toBe(25);
  });
});

describe('hashRecipe', () => {
  it.each(fixtures)('gives the hash that Python gives: $name', ({ recipe, canonical, hash }) => {
    expect(canonicalRecipe(recipe)).toBe(canonical);
    expect(hashRecipe(recipe)).toBe(hash);
  });

  it('does not depend on the order of the fields', () => {
    fc.assert(
      fc.property(recipes, fc.integer({ min: 0 }), (recipe, turn) => {
        const entries = Object.entries(recipe);
        const at = turn % entries.length;
        const turned = Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)].reverse());
        expect(hashRecipe(turned as Recipe)).toBe(hashRecipe(recipe));
      }),
    );
  });

  it('names nothing that has no canonical form', () => {
    const none = undefined as unknown as Recipe;
    expect(() => hashRecipe(none)).toThrow('Expected a recipe to have a canonical form');
  });

  it('is 64 lower-case hexadecimal digits', () => {
    expect(hashRecipe(aRecipe())).toMatch(/^[0-9a-f]{64}$/);
  });

  const changes: readonly Partial<Recipe>[] = [
    { prompt: 'a red circle on a blue background.' },
    { negativePrompt: 'blurry' },
    { seed: 1 },
    { model: 'sd-1.5' },
    { revision: '0123456789ac' },
    { width: 72 },
    { height: 72 },
    { steps: 21 },
    { guidance: 2.0000000000000004 },
    { scheduler: 'dpmpp-2m' },
    { loras: [{ name: 'a', weight: 1 }] },
  ];

  it('changes with every field', () => {
    expect(changes.flatMap((change) => Object.keys(change)).sort()).toEqual(Object.keys(aRecipe()).sort());
    const hashes = [{}, ...changes].map((change) => hashRecipe(aRecipe(change)));
    expect(new Set(hashes).size).toBe(changes.length + 1);
  });

  const start = { image: 's3://b/k', sha256: 'a'.repeat(64), strength: 0.5 };

  it('changes with every optional field, and with none that is absent', () => {
    const reseed = { policy: 'reseed', tries: 3 } as const;
    const optional: readonly Partial<Recipe>[] = [
      { start },
      { start: { ...start, image: 's3://b/l' } },
      { start: { ...start, sha256: 'b'.repeat(64) } },
      { start: { ...start, strength: 0.6 } },
      { safety: { policy: 'off' } },
      { safety: reseed },
      { safety: { ...reseed, tries: 4 } },
    ];
    const hashes = [{}, ...optional].map((change) => hashRecipe(aRecipe(change)));
    expect(new Set(hashes).size).toBe(optional.length + 1);
    expect(hashRecipe(aRecipe({ start: undefined, safety: undefined }))).toBe(hashRecipe(aRecipe()));
    expect(hashRecipe(aRecipe({ safety: { policy: 'block' } }))).toBe(hashRecipe(aRecipe()));
  });

  it('tells width from height and the order of LoRAs', () => {
    expect(hashRecipe(aRecipe({ width: 72 }))).not.toBe(hashRecipe(aRecipe({ height: 72 })));
    const [a, b] = [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 1 },
    ];
    expect(hashRecipe(aRecipe({ loras: [a, b] }))).not.toBe(hashRecipe(aRecipe({ loras: [b, a] })));
  });
});

describe('recipeSchema', () => {
  it('takes a complete recipe as it is', () => {
    expect(recipeSchema.parse(aRecipe())).toEqual(aRecipe());
  });

  it.each(Object.keys(aRecipe()))('asks for %s', (field) => {
    const { [field as keyof Recipe]: _, ...rest } = aRecipe();
    expect(recipeSchema.safeParse(rest).success).toBe(false);
  });

  it.each([
    { steps: 0 },
    { steps: 151 },
    { steps: 1.5 },
    { seed: -1 },
    { seed: 2 ** 32 },
    { width: 60 },
    { width: 56 },
    { height: 2056 },
    { guidance: -0.1 },
    { guidance: 30.1 },
    { prompt: '' },
    { prompt: 'x'.repeat(2001) },
    { negativePrompt: 'x'.repeat(2001) },
    { extra: 1 },
    { start: null },
    { start: { image: 's3://b/k', sha256: 'a'.repeat(64) } },
    { start: { image: '/k', sha256: 'a'.repeat(64), strength: 1 } },
    { start: { image: 's3://b/k', sha256: 'A'.repeat(64), strength: 1 } },
    { start: { image: 's3://b/k', sha256: 'a'.repeat(64), strength: 0 } },
    { start: { image: 's3://b/k', sha256: 'a'.repeat(64), strength: 1.1 } },
    { safety: 'off' },
    { safety: { policy: 'reseed' } },
    { safety: { policy: 'off', tries: 1 } },
    { safety: { policy: 'reseed', tries: 0 } },
    { safety: { policy: 'reseed', tries: 11 } },
  ])('refuses %j', (change) => {
    expect(recipeSchema.safeParse({ ...aRecipe(), ...change }).success).toBe(false);
  });

  it.each([
    { steps: 1 },
    { steps: 150 },
    { seed: 2 ** 32 - 1 },
    { width: 64 },
    { height: 2048 },
    { guidance: 0 },
    { guidance: 30 },
    { prompt: 'x'.repeat(2000) },
    { start: { image: 's3://b/k', sha256: 'a'.repeat(64), strength: 1 } },
    { safety: { policy: 'block' } },
    { safety: { policy: 'reseed', tries: 10 } },
  ])('takes the limit %j', (change) => {
    expect(recipeSchema.safeParse({ ...aRecipe(), ...change }).success).toBe(true);
  });
});

describe('loraSchema', () => {
  it('weighs 1 unless told', () => {
    expect(loraSchema.parse({ name: 'film-grain_v1.2' })).toEqual({ name: 'film-grain_v1.2', weight: 1 });
  });

  it.each([
    { name: '' },
    { name: '../x' },
    { name: 'A' },
    { name: '.a' },
    { name: 'a'.repeat(65) },
    { name: 'a', weight: 2.1 },
    { name: 'a', weight: -2.1 },
  ])('refuses %j', (lora) => {
    expect(loraSchema.safeParse(lora).success).toBe(false);
  });
});

describe('toSafety', () => {
  it('says nothing for the default', () => {
    expect([undefined, 'block' as const].map(toSafety)).toEqual([undefined, undefined]);
    expect(toSafety('off')).toEqual({ policy: 'off' });
    expect(toSafety('reseed')).toEqual({ policy: 'reseed', tries: 3 });
  });
});

describe('isText', () => {
  it.each(['', 'a\nb\r\n\tc', 'größer 猫 🦊 👩‍🚀', '\u202bدائرة\u202c', '<script>', '=1+1'])('takes %j', (text) => {
    expect(isText(text)).toBe(true);
  });

  it.each(['\u0000', 'a\u001b[2J', '\u0007', '\u007f', '\u0085', '\ud83d', 'a\udc00b'])('refuses %j', (text) => {
    expect(isText(text)).toBe(false);
  });
});
