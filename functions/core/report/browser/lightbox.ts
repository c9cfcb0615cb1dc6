import { filesOf } from '../files.ts';
import type { Layout } from '../page-data.ts';
import { makeCopyButton } from './copy.ts';
import { make, makeText } from './dom.ts';
import { describePool, toCents, toCount, toDuration } from './format.ts';
import { hashOf, type Picture, toRecipeLine } from './pictures.ts';
import { makeImage } from './thumbnail.ts';

export interface Lightbox {
  readonly element: HTMLDialogElement;
  open(pictures: readonly Picture[], place: number): void;
}

function whatItCost({ reused, usd }: Picture): string {
  if (reused) return 'nothing: it was there already';
  return usd === undefined ? '' : `${toCents(usd)}, its share of all attempts`;
}

function factsOf(picture: Picture): readonly (readonly [string, string])[] {
  const { width, height, steps, guidance, scheduler, loras, start, pool, gpu, seconds, effectiveSeed } = picture;
  const made = [pool && describePool(pool), gpu].filter(Boolean).join(', ');
  const rows: readonly (readonly [string, string])[] = [
    ['Negative prompt', picture.negativePrompt],
    ['Seed', `${picture.seed}${effectiveSeed === undefined ? '' : ` (drawn again with ${effectiveSeed})`}`],
    ['Model', `${picture.model} ${picture.revision.slice(0, 12)}`],
    ['Size', `${width} × ${height}`],
    ['Steps', `${steps}, guidance ${guidance}, ${scheduler}`],
    ['LoRAs', loras.map(({ name, weight }) => `${name} (${weight})`).join(', ')],
    ['Start image', start ? `${start.image}, strength ${start.strength}` : ''],
    ['Made in', made],
    ['Rendered in', seconds === undefined ? '' : toDuration(seconds * 1000)],
    ['Cost', whatItCost(picture)],
  ];
  return rows.filter(([, value]) => value !== '');
}

function makeFacts(picture: Picture): HTMLElement {
  const rows = factsOf(picture).flatMap(([name, value]) => [
    make('dt', {}, name),
    make('dd', { dir: name === 'Negative prompt' ? 'auto' : undefined }, value),
  ]);
  return make('dl', {}, ...rows);
}

const makeButton = (label: string, text: string, act: () => void) => {
  const button = make('button', { type: 'button', 'aria-label': label, title: label }, text);
  button.addEventListener('click', act);
  return button;
};

function makeFileLink(picture: Picture, layout: Layout): HTMLElement | undefined {
  if (picture.status) return undefined;
  const link = make('a', { target: '_blank', rel: 'noopener' }, 'Open the file');
  void hashOf(picture).then((hash) => {
    link.href = filesOf(layout, picture.index, hash).image;
  });
  return link;
}

/** One picture, large, with its recipe: arrows go to the next, Escape goes back to where one was. */
export function makeLightbox(layout: Layout, closed: (place: number) => void): Lightbox {
  let pictures: readonly Picture[] = [];
  let place = 0;
  const stage = make('div', { class: 'stage' });
  const text = make('div', { class: 'about', role: 'region', 'aria-label': 'Recipe', tabindex: 0 });
  const count = make('span', { class: 'count', 'aria-live': 'polite' });
  const bar = make(
    'div',
    { class: 'bar' },
    makeButton('Previous image (left arrow)', '←', () => go(place - 1)),
    makeButton('Next image (right arrow)', '→', () => go(place + 1)),
    count,
    makeButton('Close (Escape)', '✕', () => element.close()),
  );
  const element = make('dialog', { class: 'lightbox', 'aria-label': 'Image' }, bar, stage, text);

  function go(to: number): void {
    const picture = pictures[to];
    if (!picture) return;
    place = to;
    const face = picture.status
      ? make('p', { class: `missing ${picture.status}` }, makeText(picture.error ?? picture.status))
      : makeImage(picture, layout, Number.POSITIVE_INFINITY);
    stage.replaceChildren(face);
    count.textContent = `${toCount(to + 1)} of ${toCount(pictures.length)}`;
    const actions = make(
      'p',
      { class: 'actions' },
      makeCopyButton('Copy recipe', () => toRecipeLine(picture)),
      makeFileLink(picture, layout),
    );
    text.replaceChildren(make('p', { class: 'prompt', dir: 'auto' }, picture.prompt), actions, makeFacts(picture));
    text.scrollTop = 0;
  }

  const steps: Readonly<Record<string, () => number>> = {
    ArrowRight: () => place + 1,
    ArrowLeft: () => place - 1,
    Home: () => 0,
    End: () => pictures.length - 1,
  };
  element.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(step());
  });
  element.addEventListener('click', (event) => {
    if (event.target === element) element.close(); // beside the picture
  });
  element.addEventListener('close', () => closed(place));
  return {
    element,
    open(all, at) {
      pictures = all;
      go(at);
      element.showModal();
    },
  };
}
