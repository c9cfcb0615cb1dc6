import { type Blocklist, findBlocked } from './blocklist.ts';
import { findForeignForms } from './foreign-syntax.ts';
import type { Model } from './models.ts';
import type { Problem } from './problems.ts';
import { type Fragment, parsePrompt, weightLimit } from './prompt-syntax.ts';
import { isText, promptLimit, type Recipe } from './recipe.ts';

/** Those whose text encoder is CLIP alone: weights, prompts of any length and start images are theirs. */
export const isClipModel = ({ pipeline }: Pick<Model, 'pipeline'>) =>
  pipeline === 'StableDiffusionPipeline' || pipeline === 'StableDiffusionXLPipeline';

/** Without one of these a text has no syntax: most prompts are not parsed at all. */
const mayHoldSyntax = /[()[\]\\<]|\+\+|--|\.(?:swap|blend|attend)\(/;

/** For a message: `1.3`, never a word of the prompt. */
const show = (weight: number) => String(Number(weight.toFixed(2)));

function refuseWeights({ id }: Model, fragments: readonly Fragment[], text: string): string | undefined {
  const weighted = fragments.find(({ weight }) => weight !== 1);
  const form = weighted ? `(…)${show(weighted.weight)}` : findForeignForms(text)[0]?.form;
  if (form === undefined) return undefined;
  return `to have no weights for the model \`${id}\`, got \`${form}\`. To fix: say it in words; its text encoder reads sentences`;
}

function checkWeights(fragments: readonly Fragment[]): readonly string[] {
  const wrong = fragments.find(({ weight }) => !(weight <= weightLimit));
  return wrong ? [`to weigh its words from 0 to ${weightLimit}, got \`(…)${show(wrong.weight)}\``] : [];
}

/** What is wrong with the syntax of a text, each as what was expected of it. Quotes no word of it. */
function checkSyntax(text: string, model: Model): readonly string[] {
  if (!mayHoldSyntax.test(text)) return [];
  const fragments = parsePrompt(text);
  if (!isClipModel(model)) return [refuseWeights(model, fragments, text)].flatMap((found) => found ?? []);
  const foreign = findForeignForms(text).map(
    ({ form, fix }) => `to weigh words as \`(…)1.3\` or \`word++\`, got \`${form}\`. To fix: ${fix}`,
  );
  return [...foreign, ...checkWeights(fragments)];
}

function checkLength(text: string): readonly string[] {
  if (!isText(text)) return ['to hold no control characters with each choice and wildcard'];
  if (text !== '' && text.length <= promptLimit) return [];
  return [`to have 1 to ${promptLimit} characters with each choice and wildcard`];
}

function checkBlocked(text: string, blocklist: Blocklist): readonly string[] {
  return findBlocked(text, blocklist).map(
    (rule) => `to pass the blocklist, it is refused by its rule \`${rule}\`. To fix: reword it`,
  );
}

export interface CheckOptions {
  readonly model: Model;
  readonly blocklist: Blocklist;
  readonly at: (field: string) => string;
}

/** A negative prompt says what not to draw: the blocklist does not read it. FLUX has none, and ignores what it does not have. */
function checkNegative(text: string, { model, at }: CheckOptions): readonly Problem[] {
  if (text === '') return [];
  const wrong =
    model.pipeline === 'FluxPipeline'
      ? [`to be empty for the model \`${model.id}\`, which has no negative prompt, got ${text.length} characters`]
      : checkSyntax(text, model);
  const path = at('negativePrompt');
  return wrong.map((text) => ({ path, message: `Expected \`${path}\` ${text}` }));
}

/** Whatever keeps the texts of one prompt's recipes from being drawn; the same fault of several texts is one problem. */
export function checkPrompts(recipes: readonly Recipe[], options: CheckOptions): readonly Problem[] {
  const path = options.at('prompt');
  const texts = [...new Set(recipes.map(({ prompt }) => prompt))];
  const wrong = texts.flatMap((text) => [
    ...checkLength(text),
    ...checkSyntax(text, options.model),
    ...checkBlocked(text, options.blocklist),
  ]);
  return [
    ...[...new Set(wrong)].map((text) => ({ path, message: `Expected \`${path}\` ${text}` })),
    ...checkNegative(recipes[0]?.negativePrompt ?? '', options),
  ];
}
