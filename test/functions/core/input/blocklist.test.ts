import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyBlocklist,
  findBlocked,
  normaliseText,
  parseBlocklist,
} from '../../../../functions/core/input/blocklist.ts';

const blocked = (prompt: string, rules: string) => findBlocked(prompt, parseBlocklist(rules).blocklist);

describe('parseBlocklist', () => {
  it('reads one rule a line, without blank lines and notes', () => {
    const { blocklist, problems } = parseBlocklist(
      '\uFEFF# ours\n\n \t\n house : red fox\r\nother: wolf\nhouse: bear\n',
    );
    expect(problems).toEqual([]);
    expect(['a red fox', 'wolf', 'a bear', 'cat'].map((text) => findBlocked(text, blocklist))).toEqual([
      ['house'],
      ['other'],
      ['house'],
      [],
    ]);
  });

  it.each(['wolf', ': wolf', ' : wolf', 'house:', 'house: !?', `${'x'.repeat(65)}: wolf`])(
    'names the line that is no rule, not what stands in it: %j',
    (line) => {
      expect(parseBlocklist(`a: b\n${line}`).problems).toEqual([
        {
          path: 'blocklist.txt line 2',
          message: 'Expected `blocklist.txt line 2` to be a rule `name: word or phrase`, it is none',
        },
      ]);
    },
  );

  it('holds no rule without a file', () => {
    expect(parseBlocklist('')).toEqual({ blocklist: emptyBlocklist, problems: [] });
    expect(findBlocked('anything', emptyBlocklist)).toEqual([]);
  });
});

describe('findBlocked', () => {
  const rules = 'fox: red fox\nass: ass\narea: area51\nsnow: 雪\nstreet: Straße\naccent: café\ngreek: ΟΔΟΣ';

  it.each([
    ['a RED FOX', ['fox']],
    ['red-fox', ['fox']],
    ['red,\n fox!', ['fox']],
    ['ｒｅｄ ｆｏｘ', ['fox']],
    ['re\u200Bd f\u00ADox', ['fox']],
    ['red\u200Bfox', ['fox']],
    ['r\u200Bed\u2060fox', ['fox']],
    ['red \u200B fox', ['fox']],
    ['\u200Bred fox\u200B', ['fox']],
    ['(red)1.3 fox', ['fox']],
    ['(red)1.3 (fox)0.5', ['fox']],
    ['re(d)1.2 fox', ['fox']],
    ['red++ fox--', ['fox']],
    ['a fox(es), red', []],
    ['redfox', []],
    ['red big fox', []],
    ['hundred fox', []],
    ['red foxes', []],
    ['a classic glass', []],
    ['ass1', ['ass']],
    ['ass, red fox', ['ass', 'fox']],
    ['AREA51', ['area']],
    ['初雪の朝', ['snow']],
    ['die STRASSE', ['street']],
    ['CAFE\u0301', ['accent']],
    ['cafe\u200B\u0301', ['accent']],
    ['cafe', []],
    ['οδος', ['greek']],
    ['', []],
  ])('finds what stands in %j', (prompt, names) => {
    expect(blocked(prompt, rules).toSorted()).toEqual(names);
  });

  it('names a rule once', () => {
    expect(blocked('wolf bear wolf', 'a: wolf\na: bear')).toEqual(['a']);
  });

  const invisible = fc.constantFrom('', '\u200B', '\u200D', '\u2060', '\uFEFF', '\u00AD', '\u034F', '\uFE0F', '\u202E');
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const context = fc.string({ unit: 'grapheme', maxLength: 20 });

  it('finds a phrase whatever invisible characters and case are put in, and whatever stands around it', () => {
    const letters = (text: string) =>
      fc.array(fc.tuple(invisible, fc.boolean()), { minLength: text.length, maxLength: text.length });
    const disguised = fc
      .array(word, { minLength: 1, maxLength: 3 })
      .chain((words) => fc.tuple(fc.constant(words.join(' ')), letters(words.join(' '))));
    fc.assert(
      fc.property(disguised, context, context, ([phrase, costume], before, after) => {
        const shown = [...phrase].map((letter, index) => {
          const [hidden = '', isUpper] = costume[index] ?? [];
          return hidden + (isUpper ? letter.toUpperCase() : letter);
        });
        expect(blocked(`${before} ${shown.join('')} ${after}`, `x: ${phrase}`)).toEqual(['x']);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads any rule and any prompt', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (prompt, rule) => {
        const { blocklist, problems } = parseBlocklist(`x: ${rule}`);
        findBlocked(prompt, blocklist);
        if (!problems.length && !/[\r\n]/.test(rule)) expect(findBlocked(rule, blocklist)).toEqual(['x']);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('normaliseText', () => {
  it('changes nothing the second time, for any text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(text, (given) => {
        const once = normaliseText(given);
        expect(normaliseText(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing the second time, for every character beside a letter', () => {
    for (let code = 0x80; code < 0x30000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const once = normaliseText(`a${String.fromCodePoint(code)}b`);
      if (normaliseText(once) !== once) expect.fail(`U+${code.toString(16)}`);
    }
  });

  it.each([
    ['Ａ  ﬁnger\u200Btip!', 'a fingertip'],
    ['GROẞ', 'gross'],
    ['\u200B', ''],
  ])('makes %j to %j', (text, folded) => {
    expect(normaliseText(text)).toBe(folded);
  });
});
