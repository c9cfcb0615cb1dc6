import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashRecipe, type Recipe } from '../../../../functions/core/input/recipe.ts';
import type { ManifestLine } from '../../../../functions/core/receipt/manifest.ts';
import { hashOf, toRecipeLine, unfold } from '../../../../functions/core/report/browser/pictures.ts';
import { toPictures } from '../../../../functions/core/report/pictures.ts';
import { aManifestLine, anImage, aRecipe } from '../../../fakes/builders.ts';

const lineOf = (recipe: Recipe, over: Partial<ManifestLine> = {}): ManifestLine => ({
  ...recipe,
  hash: hashRecipe(recipe),
  status: 'delivered',
  reused: false,
  key: '',
  ...over,
});
/** Through the page and out again. */
function roundTrip(lines: readonly ManifestLine[]) {
  const part = toPictures(lines);
  return part ? unfold(JSON.parse(JSON.stringify(part))) : [];
}

const recipes = fc.record<Recipe>(
  {
    prompt: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    negativePrompt: fc.constantFrom('', 'blurry'),
    seed: fc.nat(0xffffffff),
    model: fc.constantFrom('tiny', 'sdxl'),
    revision: fc.constantFrom('0123456789ab', 'fedcba987654'),
    width: fc.constantFrom(64, 512),
    height: fc.constantFrom(64, 1024),
    steps: fc.integer({ min: 1, max: 150 }),
    guidance: fc.double({ min: 0, max: 30, noNaN: true }).map((value) => Math.abs(value)),
    scheduler: fc.constantFrom('ddim', 'euler'),
    loras: fc.array(
      fc.record({ name: fc.constantFrom('a', 'b'), weight: fc.double({ min: -2, max: 2, noNaN: true }) }),
      { maxLength: 2 },
    ),
    start: fc.option(fc.constant({ image: 's3://b/x', sha256: 'a'.repeat(64), strength: 0.5 }), { nil: undefined }),
    safety: fc.constantFrom(undefined, { policy: 'off' }, { policy: 'block' }, { policy: 'reseed', tries: 3 }),
  },
  {
    requiredKeys: [
      'prompt',
      'negativePrompt',
      'seed',
      'model',
      'revision',
      'width',
      'height',
      'steps',
      'guidance',
      'scheduler',
      'loras',
    ],
  },
);

describe('the pictures of a page', () => {
  it('have the names that the bucket has, reckoned from their recipes by the browser', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(recipes, { minLength: 1, maxLength: 5 }), async (given) => {
        const pictures = roundTrip(given.map((recipe) => lineOf(recipe)));
        expect(await Promise.all(pictures.map(hashOf))).toEqual(given.map(hashRecipe));
        for (const picture of pictures) expect(picture).not.toHaveProperty('hash');
      }),
    );
  });

  it('keep the name of a line that is not the one of its recipe', async () => {
    const [picture] = roundTrip([aManifestLine({ hash: 'c'.repeat(64) })]);
    if (!picture) throw new Error('Expected a picture');
    expect(await hashOf(picture)).toBe('c'.repeat(64));
  });

  it('say only how each differs from the first', () => {
    const part = toPictures([
      lineOf(aRecipe()),
      lineOf(aRecipe({ seed: 7 })),
      lineOf(aRecipe({ safety: { policy: 'off' } })),
    ]);
    expect(JSON.parse(JSON.stringify(part?.list))).toEqual([{}, { seed: 7 }, { safety: { policy: 'off' } }]);
    expect(toPictures([])).toBeUndefined();
  });

  it('take a field away that the first has alone', () => {
    const [, second] = roundTrip([lineOf(aRecipe({ safety: { policy: 'off' } })), lineOf(aRecipe())]);
    expect(second).not.toHaveProperty('safety');
  });

  it('tell what became of each, where, for how much and why not', () => {
    const receipt = {
      cents: 1,
      instanceType: 'g6.xlarge',
      gpu: 'L4',
      azId: 'any',
      phases: { renderSeconds: 1, loadSeconds: 1, uploadSeconds: 0 },
    };
    const pixels = { sha256: '', device: 'L4', computeBatch: 1, effectiveSeed: 9 };
    const [made, there, failed] = roundTrip([
      lineOf(aRecipe(), { pool: 'p', seconds: 2, usd: 0.01, receipt, pixels }),
      lineOf(aRecipe({ seed: 1 }), { reused: true, usd: 0 }),
      lineOf(aRecipe({ seed: 2 }), { status: 'failed', error: 'Boom: x' }),
    ]);
    expect(made).toMatchObject({ index: 0, pool: 'p', gpu: 'L4', seconds: 2, usd: 0.01, effectiveSeed: 9 });
    expect(made).not.toHaveProperty('status');
    expect(there).toMatchObject({ index: 1, reused: true, usd: 0, seed: 1 });
    expect(failed).toMatchObject({ status: 'failed', error: 'Boom: x' });
    const [blocked] = roundTrip([lineOf(aRecipe(), { status: 'blocked', error: 'blocked: flagged' })]);
    expect(blocked).toMatchObject({ status: 'blocked', error: 'flagged' });
  });

  it('are copied as lines that a prompts file reads as the same image', () => {
    const [picture] = roundTrip([lineOf(aRecipe({ prompt: 'größe "1"' }))]);
    if (!picture) throw new Error('Expected a picture');
    const { revision: _, ...rest } = aRecipe({ prompt: 'größe "1"' });
    expect(JSON.parse(toRecipeLine(picture))).toEqual(rest);
  });

  it('are many in few bytes', () => {
    const lines = Array.from({ length: 2000 }, (_, seed) => ({
      ...aManifestLine(),
      ...anImage({ seed }).recipe,
      hash: anImage({ seed }).hash,
    }));
    expect(JSON.stringify(toPictures(lines)).length).toBeLessThan(60_000);
  });
});
