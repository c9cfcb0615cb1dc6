/**
 * The syntax of prompts: weights as compel writes them, and nothing else.
 *   `(red ball)1.3`, `(red ball)++`, `(red ball)-`   a group with a number, or with signs: 1.1 and 0.9 for each
 *   `ball++`, `ball--`                               a word with two signs or more: `post-` and `A+` stay words
 *   `\(`, `\)`, `\[`, `\]`, `\+`, `\-`               the character itself
 * Groups nest, their weights multiply. Parentheses without a weight are text, so that a prompt without any of this is read
 * as it stands. The worker reads prompts by the same rules (container/worker/prompt_syntax.py); test/fixtures/prompts.json
 * holds both to it.
 */
export interface Fragment {
  readonly text: string;
  readonly weight: number;
}

/** Above, pictures fall apart (compel: "values >1.6 tend to produce garbage output"). */
export const weightLimit = 2;

const whitespace = ' \t\n\r\f\v\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000';
const escaped = /\\[()[\]+-]/y;
const boundary = new RegExp(`[${whitespace},.;:!?)\\]"']|$`, 'y');
/** Ends a word; a full stop does where a boundary follows it. */
const delimiter = new RegExp(`[${whitespace}()[\\],;:!?"]|\\.(?=[${whitespace},.;:!?)\\]"']|$)`, 'y');
const groupWeight = /[0-9]+(?:\.[0-9]+)?|\.[0-9]+|\++|-+/y;

/** Whether `pattern` (sticky) matches at `at`; its text where it does. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** By repeated multiplication: the same double in Python, whose power function may round otherwise. */
function toWeight(written: string): number {
  const base = { '+': 1.1, '-': 0.9 }[written.charAt(0)];
  return base === undefined ? Number(written) : [...written].reduce((weight) => weight * base, 1);
}

/** The place of the closing parenthesis (or bracket) of each opening one. Escaped ones are text. */
export function pairUp(text: string, open: string, close: string): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const waiting: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (matchAt(escaped, text, at)) at += 1;
    else if (text[at] === open) waiting.push(at);
    else if (text[at] === close) {
      const start = waiting.pop();
      if (start !== undefined) pairs.set(start, at);
    }
  }
  return pairs;
}

/** The weight that is written right behind a closing parenthesis. */
export function readGroupWeight(text: string, at: number): { weight: number; end: number } | undefined {
  const written = matchAt(groupWeight, text, at);
  if (written === undefined || matchAt(boundary, text, at + written.length) === undefined) return undefined;
  return { weight: toWeight(written), end: at + written.length };
}

/** The word at `at`: where its body and its signs end. Equal where it has no weight. */
function readWord(text: string, at: number): { body: number; end: number } {
  let end = at;
  let literal = at;
  while (end < text.length && matchAt(delimiter, text, end) === undefined) {
    const isEscape = matchAt(escaped, text, end) !== undefined;
    end += isEscape ? 2 : 1;
    if (isEscape) literal = end;
  }
  let body = end;
  while (body > literal && '+-'.includes(text.charAt(body - 1)) && text[body - 1] === text[end - 1]) body -= 1;
  const isMixed = body > literal && '+-'.includes(text.charAt(body - 1));
  const isWeighted = body > at && end - body >= 2 && !isMixed && matchAt(boundary, text, end) !== undefined;
  return { body: isWeighted ? body : end, end };
}

const toText = (text: string) => text.replaceAll(/\\([()[\]+-])/g, '$1');

/** Neighbours of the same weight are one fragment; a prompt without weights is one fragment. */
function join(fragments: readonly Fragment[]): readonly Fragment[] {
  const joined: Fragment[] = [];
  for (const { text, weight } of fragments) {
    const last = joined.at(-1);
    if (last?.weight === weight) joined[joined.length - 1] = { text: last.text + text, weight };
    else if (text !== '') joined.push({ text, weight });
  }
  return joined;
}

/** What a prompt says, and how much of it: its texts in order, each with its weight (1: as it is). Never fails. */
export function parsePrompt(text: string): readonly Fragment[] {
  const groups = pairUp(text, '(', ')');
  const fragments: Fragment[] = [];
  const stack = [{ end: text.length, resume: text.length, weight: 1 }];
  let at = 0;
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (at >= top.end) {
      at = top.resume;
      stack.pop();
      continue;
    }
    const close = groups.get(at);
    const group = close === undefined ? undefined : readGroupWeight(text, close + 1);
    if (close !== undefined && group) {
      stack.push({ end: close, resume: group.end, weight: top.weight * group.weight });
      at += 1;
      continue;
    }
    const { body, end } = readWord(text, at);
    const next = Math.max(end, at + 1);
    const weight = body < end ? top.weight * toWeight(text.slice(body, end)) : top.weight;
    fragments.push({ text: toText(text.slice(at, body < end ? body : next)), weight });
    at = next;
  }
  return join(fragments);
}
