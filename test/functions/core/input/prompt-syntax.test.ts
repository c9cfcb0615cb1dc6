import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrompt } from '../../../../functions/core/input/prompt-syntax.ts';

interface Fixture {
  readonly prompt: string;
  readonly fragments: readonly (readonly [string, number])[];
}

const fixtures: readonly Fixture[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/prompts.json', import.meta.url), 'utf8'),
);

/** Texts that hold syntax more often than not. */
const syntactic = fc
  .array(fc.oneof(fc.constantFrom('(', ')', '[', ']', '\\', '++', '--', '+', '-', '1.3', '.', ':', ' '), fc.string()))
  .map((parts) => parts.join(''));

describe('parsePrompt', () => {
  it.each(fixtures)('reads as the worker does: $prompt', ({ prompt, fragments }) => {
    expect(parsePrompt(prompt).map(({ text, weight }) => [text, weight])).toEqual(fragments);
  });

  it('reads a text without parentheses, signs and backslashes as it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(!/[()\\]|\+\+|--/.test(text));
        expect(parsePrompt(text)).toEqual([{ text, weight: 1 }]);
      }),
    );
  });

  it('reads any text, without empty or equally weighted neighbours', () => {
    fc.assert(
      fc.property(syntactic, (text) => {
        const fragments = parsePrompt(text);
        for (const [index, fragment] of fragments.entries()) {
          expect(fragment.text).not.toBe('');
          expect(fragment.weight).toBeGreaterThanOrEqual(0);
          expect(fragment.weight).not.toBe(fragments[index + 1]?.weight);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('weighs any words in a group, whatever stands in them, once they are escaped', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom('1.3', '0', '++', '-'), (words, written) => {
        fc.pre(!words.includes('\\'));
        const group = `(${words.replaceAll(/[()[\]+-]/g, '\\$&')})${written}`;
        const weight = written === '++' ? 1.1 * 1.1 : written === '-' ? 0.9 : Number(written);
        expect(parsePrompt(group)).toEqual([{ text: words, weight }]);
      }),
    );
  });

  it('is quick with the longest and the deepest prompt', () => {
    const before = performance.now();
    for (const text of ['('.repeat(2000), `${'('.repeat(500)}a${')1'.repeat(500)}`, '+'.repeat(2000), 'a'.repeat(2000)])
      parsePrompt(text);
    expect(performance.now() - before).toBeLessThan(200);
  });
});
