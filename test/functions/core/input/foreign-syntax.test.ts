import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findForeignForms } from '../../../../functions/core/input/foreign-syntax.ts';

const forms = (text: string) => findForeignForms(text).map(({ form }) => form);

describe('findForeignForms', () => {
  it.each([
    ['a (red:1.3) cat', ['(…:1.3)']],
    ['a (red : .5 ) cat', ['(…:.5)']],
    ['(red:2)', ['(…:2)']],
    ['((red:1.3) cat:1.1)', ['(…:1.3)', '(…:1.1)']],
    ['(a:1.2) (b:1.2)', ['(…:1.2)']],
    ['a [red] cat', ['[…]']],
    ['[red:blue:0.5]', ['[…]']],
    ['[[red]] [blue]', ['[…]']],
    ['((masterpiece)), best', ['((…))']],
    ['(((masterpiece)))', ['((…))']],
    ['a cat <lora:ink:0.8>', ['<lora:…>']],
    ['("a", "b").blend(0.7, 0.3)', ['.blend(…)']],
    ['("a", "b").and()', ['.blend(…)']],
    ['a cat.swap(dog)', ['.blend(…)']],
    ['(a:1.2) [b] <lora:c:1>', ['(…:1.2)', '[…]', '<lora:…>']],
  ])('finds those of %j', (text, found) => {
    expect(forms(text)).toEqual(found);
  });

  it.each([
    'a (red)1.3 cat',
    'a cat (cute), sitting',
    '((red)1.2 car)1.1',
    '((red))1.2',
    'wide (16:9)',
    '(at 10:30)',
    '(note: nice)',
    'red:1.3',
    String.raw`a \(red:1.3\) cat`,
    String.raw`\[x\]`,
    '[]',
    ':( and :[',
    ']x[',
    '(())',
    ')(',
    'a < b',
    'cats.and dogs',
    '',
  ])('finds none in %j', (text) => {
    expect(forms(text)).toEqual([]);
  });

  it('says how to write it here, and shows no word of the prompt', () => {
    expect(findForeignForms('(secret:1.3)')).toEqual([
      { form: '(…:1.3)', fix: 'write `(…)1.3`; for a parenthesis that is text, write `\\(`' },
    ]);
    expect(findForeignForms('[secret]')[0]?.fix).toBe(
      'write `(…)0.9` or `(…)-`; for a bracket that is text, write `\\[`',
    );
  });

  it('reads any text', () => {
    const pieces = fc.constantFrom('(', ')', '[', ']', ':1.3', '\\', '<lora:', '>', '.and(', 'a');
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        findForeignForms(parts.join(''));
      }),
    );
  });
});
