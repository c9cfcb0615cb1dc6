import { pairUp, readGroupWeight } from './prompt-syntax.ts';

/** A form that another program would obey and that ours would draw as text: refused, so that nobody pays for that. */
export interface ForeignForm {
  /** The form with its number and without its words. */
  readonly form: string;
  readonly fix: string;
}

const weightAfterColon = /:\s*((?:\d+(?:\.\d+)?)|\.\d+)\s*$/;
const brackets = '; for a bracket that is text, write `\\[`';
const parentheses = '; for a parenthesis that is text, write `\\(`';

/** `(16:9)` and `(at 10:30)` are no weights, though A1111 would take them for such. */
const isRatio = (content: string) => /\d\s*:\s*\d+\s*$/.test(content);

function findWeights(text: string): readonly ForeignForm[] {
  const pairs = pairUp(text, '(', ')');
  return [...pairs].flatMap(([open, close]) => {
    const content = text.slice(open + 1, close);
    const weight = isRatio(content) ? undefined : weightAfterColon.exec(content)?.[1];
    if (weight !== undefined) return [{ form: `(…:${weight})`, fix: `write \`(…)${weight}\`${parentheses}` }];
    const isDouble = pairs.get(open + 1) === close - 1 && close - open > 3;
    const isPlain = !readGroupWeight(text, close) && !readGroupWeight(text, close + 1);
    return isDouble && isPlain ? [{ form: '((…))', fix: `write \`(…)1.21\` or \`(…)++\`${parentheses}` }] : [];
  });
}

function findBrackets(text: string): readonly ForeignForm[] {
  const pairs = [...pairUp(text, '[', ']')].filter(([open, close]) => close > open + 1);
  return pairs.length ? [{ form: '[…]', fix: `write \`(…)0.9\` or \`(…)-\`${brackets}` }] : [];
}

const others: readonly (readonly [RegExp, ForeignForm])[] = [
  [/<(?:lora|lyco|hypernet):[^<>]+>/i, { form: '<lora:…>', fix: 'name it in the field `loras`' }],
  [
    /\)\s*\.(?:and|add)\(|\.(?:blend|swap|attend)\(/,
    { form: '.blend(…)', fix: 'give each text a prompt of its own: of compel only weights are read' },
  ],
];

/** The forms of A1111, and of compel beyond weights, that stand in a prompt; each once. Never fails. */
export function findForeignForms(text: string): readonly ForeignForm[] {
  const rest = others.flatMap(([pattern, found]) => (pattern.test(text) ? [found] : []));
  const all = [...findWeights(text), ...findBrackets(text), ...rest];
  return [...new Map(all.map((found) => [found.form, found])).values()];
}
