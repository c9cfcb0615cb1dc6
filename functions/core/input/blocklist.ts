import type { Problem } from './problems.ts';
import { parsePrompt } from './prompt-syntax.ts';

/** In the bucket, one rule a line: `name: word or phrase`. Blank lines and lines that begin with `#` are passed over. */
export const blocklistKey = 'blocklist.txt';

interface Rule {
  readonly name: string;
  /** Folded words, one space between. */
  readonly phrase: string;
  /** Of a script without spaces: found within words, too. */
  readonly anywhere: boolean;
}

/** Rules by the first character of their phrase, so that long lists stay fast. */
export interface Blocklist {
  readonly byFirst: ReadonlyMap<string, readonly Rule[]>;
}

export const emptyBlocklist: Blocklist = { byFirst: new Map() };

/** Where something invisible stood (it is itself invisible): may part two words, may stand within one. */
const seam = '\u2060';
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu;
const noWord = /[^\p{L}\p{N}\p{M}\u2060]+/gu;
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** JavaScript has no casefold: upper case first makes ß ss and ſ s; a sigma at the end of a word is a sigma. */
const foldCase = (text: string) => text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');

/**
 * The text as the rules compare it: compatibility forms are one (NFKC's equivalence, decomposed, so that an accent behind an
 * invisible character still finds its letter), case is gone, words are parted by one space. Folding twice changes nothing.
 */
function fold(text: string, forInvisible: string): string {
  let folded = text;
  // Folding case can make what decomposes again: once more, until nothing changes.
  for (let before = ''; before !== folded; ) {
    before = folded;
    folded = foldCase(folded.replaceAll(invisible, forInvisible).normalize('NFKD')).normalize('NFKD');
  }
  return folded.replaceAll(noWord, ' ').trim();
}

export const normaliseText = (text: string) => fold(text, '');

/** Letters and digits are words of their own to the text encoder: `bad1` holds `bad`. */
const partDigits = (text: string) => text.replaceAll(/(?<=\p{N})(?=[\p{L}\p{M}])|(?<=[\p{L}\p{M}])(?=\p{N})/gu, seam);

const startsWord = (text: string, at: number) => at === 0 || text[at - 1] === ' ' || text[at - 1] === seam;
const endsWord = (text: string, at: number) => at === text.length || text[at] === ' ' || text[at] === seam;

/** Whether the phrase begins at `at`: a seam of the text counts as nothing or as a space, whichever fits. */
function isAt(text: string, at: number, { phrase, anywhere }: Rule): boolean {
  let place = at;
  for (const unit of phrase.split('')) {
    const before = place;
    while (text[place] === seam || (unit === ' ' && text[place] === ' ')) place += 1;
    if (unit === ' ' ? place === before : text[place++] !== unit) return false;
  }
  return anywhere || endsWord(text, place);
}

function findIn(text: string, { byFirst }: Blocklist): readonly string[] {
  const found = new Set<string>();
  for (let at = 0; at < text.length; at++) {
    const starts = startsWord(text, at);
    for (const rule of byFirst.get(text.charAt(at)) ?? []) {
      if ((starts || rule.anywhere) && !found.has(rule.name) && isAt(text, at, rule)) found.add(rule.name);
    }
  }
  return [...found];
}

/** The names of the rules that a prompt breaks: as it is written, and as it reads without its weights. */
export function findBlocked(prompt: string, blocklist: Blocklist): readonly string[] {
  if (!blocklist.byFirst.size) return [];
  const read = parsePrompt(prompt).map(({ text }) => text);
  const views = new Set([prompt, read.join(''), read.join(' ')]);
  return [...new Set([...views].flatMap((text) => findIn(partDigits(fold(text, seam)), blocklist)))];
}

/** Reads the file. A line that is no rule is a problem: a rule that silently blocks nothing helps nobody. */
export function parseBlocklist(text: string): { blocklist: Blocklist; problems: readonly Problem[] } {
  const byFirst = new Map<string, Rule[]>();
  const problems: Problem[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name = '', words = ''] = /^([^:]{1,64}):(.*)$/.exec(line) ?? [];
    const phrase = normaliseText(words);
    if (name.trim() === '' || phrase === '') {
      const path = `${blocklistKey} line ${index + 1}`;
      problems.push({ path, message: `Expected \`${path}\` to be a rule \`name: word or phrase\`, it is none` });
      continue;
    }
    const rule = { name: name.trim(), phrase, anywhere: withoutSpaces.test(phrase) };
    byFirst.set(phrase.charAt(0), [...(byFirst.get(phrase.charAt(0)) ?? []), rule]);
  }
  return { blocklist: { byFirst }, problems };
}
