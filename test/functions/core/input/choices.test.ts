import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandChoices } from '../../../../functions/core/input/choices.ts';

describe('expandChoices', () => {
  it.each([
    ['a red ball', ['a red ball']],
    ['a {red|blue} ball', ['a red ball', 'a blue ball']],
    ['{a|b} {1|2}', ['a 1', 'a 2', 'b 1', 'b 2']],
    ['{ a | b }!', ['a!', 'b!']],
    ['{one}', ['{one}']],
    ['a {red|blue', ['a {red|blue']],
    ['a|b', ['a|b']],
    ['{}', ['{}']],
    ['{a|b|c}', ['a', 'b', 'c']],
  ])('expands %j', (text, texts) => {
    expect(expandChoices(text, 100)).toEqual(texts);
  });

  it('makes choices within choices, until none is left', () => {
    expect(expandChoices('a {b|{c|d}}', 100)).toEqual(['a b', 'a c', 'a b', 'a d']);
  });

  it('gives nothing above its limit, without making the texts', () => {
    expect(expandChoices('{a|b}{c|d}', 4)).toHaveLength(4);
    expect(expandChoices('{a|b}{c|d}', 3)).toBeUndefined();
    expect(expandChoices('{a|b}'.repeat(400), 100_000)).toBeUndefined();
  });

  it('gives the product of the choices, left to right', () => {
    const word = fc.stringMatching(/^[a-z]{1,4}$/);
    const groups = fc.array(fc.array(word, { minLength: 2, maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(groups, (choices) => {
        const texts = expandChoices(choices.map((options) => `{${options.join('|')}}`).join(' '), 100) ?? [];
        expect(texts).toHaveLength(choices.reduce((product, options) => product * options.length, 1));
        expect(texts[0]).toBe(choices.map((options) => options[0]).join(' '));
        expect(texts.at(-1)).toBe(choices.map((options) => options.at(-1)).join(' '));
      }),
    );
  });
});
