import { describe, expect, it } from 'vitest';
import { emptyBlocklist, parseBlocklist } from '../../../../functions/core/input/blocklist.ts';
import { checkPrompts, isClipModel } from '../../../../functions/core/input/check-prompt.ts';
import { findModel, modelIds } from '../../../../functions/core/input/models.ts';
import { aRecipe } from '../../../fakes/builders.ts';

const at = (field: string) => `prompts[2].${field}`;

function check(id: string, texts: readonly string[], negativePrompt = '', blocklist = emptyBlocklist) {
  const model = findModel(id);
  if (!model) throw new Error('Expected a model');
  const recipes = texts.map((prompt) => aRecipe({ prompt, negativePrompt }));
  return checkPrompts(recipes, { model, blocklist, at });
}
const messages = (...given: Parameters<typeof check>) => check(...given).map(({ message }) => message);

it('knows the models that read weights', () => {
  const clip = modelIds.filter((id) => isClipModel(findModel(id) ?? { pipeline: 'FluxPipeline' }));
  expect(clip.toSorted()).toEqual(['sd-1.4', 'sd-1.5', 'sdxl', 'tiny'].toSorted());
});

describe('a prompt', () => {
  it.each(['a red cat', 'a (red)1.3 cat++', String.raw`\(x\)`, '(x)2', '(x)0'])('is taken: %j', (text) => {
    expect(messages('sd-1.5', [text])).toEqual([]);
  });

  it('is refused in the syntax of another program, with the form to write', () => {
    expect(check('sd-1.5', ['a (secret:1.3) cat'])).toEqual([
      {
        path: 'prompts[2].prompt',
        message:
          'Expected `prompts[2].prompt` to weigh words as `(…)1.3` or `word++`, got `(…:1.3)`. To fix: write `(…)1.3`; for a parenthesis that is text, write `\\(`',
      },
    ]);
  });

  it('has all its problems named at once, the same one of several texts once', () => {
    const found = messages('sdxl', ['(a:1.3) [b]', '(b:1.3)', '(c)9'], '[secret]');
    expect(found).toHaveLength(4);
    expect(found[3]).toContain('`prompts[2].negativePrompt` to weigh words');
    expect(found.join()).not.toContain('secret');
  });

  it.each([
    ['(a)2.01', '`(…)2.01`'],
    ['a++++++++', '`(…)2.14`'],
    ['((a)1.5)1.5', '`(…)2.25`'],
  ])('is refused with a weight that ruins pictures: %j', (text, form) => {
    expect(messages('sd-1.4', [text])).toEqual([
      `Expected \`prompts[2].prompt\` to weigh its words from 0 to 2, got ${form}`,
    ]);
  });

  it.each(['sd-3.5-medium', 'flux-schnell', 'flux-dev'])('has no weights for %s', (id) => {
    const text = (form: string) =>
      `Expected \`prompts[2].prompt\` to have no weights for the model \`${id}\`, got \`${form}\`. To fix: say it in words; its text encoder reads sentences`;
    expect(messages(id, ['a (red)1.3 cat'])).toEqual([text('(…)1.3')]);
    expect(messages(id, ['a cat++'])).toEqual([text('(…)1.21')]);
    expect(messages(id, ['(red:1.3)'])).toEqual([text('(…:1.3)')]);
    expect(messages(id, ['a cat (cute), well-lit'])).toEqual([]);
  });

  it('is refused when a choice or a wildcard leaves it empty or too long', () => {
    const text = 'Expected `prompts[2].prompt` to have 1 to 2000 characters with each choice and wildcard';
    expect(messages('tiny', ['', 'x'.repeat(2001), 'a', 'x'.repeat(2000)])).toEqual([text]);
  });

  it('is refused by the name of a rule of the blocklist, without its word', () => {
    const { blocklist } = parseBlocklist('house rule: secret word');
    expect(messages('tiny', ['a SECRET  word'], '', blocklist)).toEqual([
      'Expected `prompts[2].prompt` to pass the blocklist, it is refused by its rule `house rule`. To fix: reword it',
    ]);
    expect(messages('tiny', ['a cat'], 'secret word', blocklist)).toEqual([]);
  });
});

describe('a negative prompt', () => {
  it('is one that FLUX has not, and so does not ignore', () => {
    expect(messages('flux-dev', ['a'], 'blurry')).toEqual([
      'Expected `prompts[2].negativePrompt` to be empty for the model `flux-dev`, which has no negative prompt, got 6 characters',
    ]);
    expect(messages('sd-3.5-medium', ['a'], 'blurry')).toEqual([]);
  });

  it('may have weights where the prompt may', () => {
    expect(messages('sdxl', ['a'], '(blurry)1.3')).toEqual([]);
    expect(messages('sd-3.5-medium', ['a'], '(blurry)1.3')).toHaveLength(1);
  });
});
