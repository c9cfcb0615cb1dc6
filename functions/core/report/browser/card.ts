import type { Layout } from '../page-data.ts';
import { makeCopyButton } from './copy.ts';
import { make, makeText } from './dom.ts';
import { type Picture, toRecipeLine } from './pictures.ts';
import { makeImage } from './thumbnail.ts';

export interface Face {
  readonly layout: Layout;
  /** How many the picture is shown in. */
  readonly pixels: number;
}

const statusWords = { failed: 'Failed', blocked: 'Blocked' } as const;

function makeFace(picture: Picture, { layout, pixels }: Face): HTMLElement {
  if (!picture.status) return makeImage(picture, layout, pixels);
  const word = make('strong', {}, statusWords[picture.status]);
  return make('span', { class: `missing ${picture.status}` }, word, makeText(picture.error ?? ''));
}

/** One picture of the grid. */
export function makeCard(picture: Picture, face: Face, open: () => void): HTMLLIElement {
  const { prompt, seed, status } = picture;
  const label = `${status ? `${statusWords[status]}: ` : ''}${prompt}, seed ${seed}`;
  const button = make('button', { type: 'button', class: 'open', 'aria-label': label }, makeFace(picture, face));
  button.addEventListener('click', open);
  const copy = makeCopyButton('Copy', () => toRecipeLine(picture), 'Copy recipe');
  const facts = make('span', { class: 'facts' }, make('span', {}, `seed ${seed}`), copy);
  return make('li', { class: 'card' }, button, makeText(prompt, 'prompt'), facts);
}
