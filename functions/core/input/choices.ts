const choice = /\{([^{}]*\|[^{}]*)\}/;

/** Each text with its first choice made, once for each option. */
function makeFirstChoice(text: string): readonly string[] {
  const found = choice.exec(text);
  if (!found) return [text];
  const [group, options = ''] = found;
  return options.split('|').map((option) => text.replace(group, () => option.trim()));
}

/** At least as many texts as `text` will become, without making them. */
function countChoices(text: string): number {
  const groups = [...text.matchAll(new RegExp(choice, 'g'))];
  return groups.reduce((product, [, options = '']) => product * options.split('|').length, 1);
}

/**
 * `a {red|blue} ball` to `a red ball`, `a blue ball`: all combinations, left to right, choices within choices too, so that
 * no text of the answer holds one. Undefined above `limit`: 2,000 characters hold 2^400 combinations.
 */
export function expandChoices(text: string, limit: number): readonly string[] | undefined {
  let texts: readonly string[] = [text];
  while (texts.some((each) => choice.test(each))) {
    if (texts.reduce((sum, each) => sum + countChoices(each), 0) > limit) return undefined;
    texts = texts.flatMap(makeFirstChoice);
  }
  return texts;
}
