import canonicalize from 'canonicalize';
import { toPromptLine } from '../../input/prompt-line.ts';
import type { Recipe } from '../../input/recipe.ts';
import type { PagePicture, PicturePart } from '../page-data.ts';

/** A picture with all of its recipe. */
export interface Picture extends Recipe, Omit<PagePicture, keyof Recipe> {
  /** In the job, from 0. */
  readonly index: number;
  /** Lower case, for the search. */
  readonly words: string;
}

const isGiven = ([, value]: [string, unknown]) => value !== null;

export const unfold = ({ shared, list }: PicturePart): readonly Picture[] =>
  list.map((own, index) => {
    const recipe: Recipe = { ...shared, ...own };
    const words = `${recipe.prompt}\n${recipe.negativePrompt}\n${recipe.seed}\n${own.error ?? ''}`.toLowerCase();
    const all: Picture = { ...recipe, ...own, prompt: recipe.prompt, index, words } as Picture;
    return Object.fromEntries(Object.entries(all).filter(isGiven)) as unknown as Picture;
  });

/** As a line of a prompts file. */
export const toRecipeLine = (picture: Picture): string => JSON.stringify(toPromptLine(picture));

function toRecipe(picture: Picture): Recipe {
  const { safety, ...line } = toPromptLine(picture);
  return { ...line, revision: picture.revision, ...(safety && safety.policy !== 'block' ? { safety } : {}) };
}

/** `hashRecipe` of the core, by the browser's own SHA-256. */
export async function hashOf(picture: Picture): Promise<string> {
  if (picture.hash !== undefined) return picture.hash;
  const bytes = new TextEncoder().encode(canonicalize(toRecipe(picture)));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
