import type { Layout } from '../page-data.ts';
import { makeCard } from './card.ts';
import { make } from './dom.ts';
import type { Picture } from './pictures.ts';

/** Rows beyond the edges of the window, so that scrolling meets no holes. */
const overscan = 2;
const narrowestRem = 10;
/** A few are shown larger. */
const few = 12;
const narrowestOfFewRem = 16;
/** Two lines of prompt, one of facts. */
const captionRem = 5;

export interface Gallery {
  readonly element: HTMLElement;
  show(pictures: readonly Picture[]): void;
  /** The card of that place in the list, brought into view. */
  focus(place: number): void;
}

/** Nodes that stay are not touched: one that is pressed or has the focus must not leave the page, if only for a moment. */
function replaceChildren(parent: Element, wanted: readonly Element[]): void {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of wanted) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

/** A grid of any number of pictures: only the cards in or near the window exist. */
export function makeGallery(layout: Layout, open: (place: number) => void): Gallery {
  const list = make('ul', { class: 'cards' });
  const element = make('div', { class: 'gallery' }, list);
  let pictures: readonly Picture[] = [];
  let cards = new Map<Picture, HTMLLIElement>();
  let current = 0;
  let columns = 1;
  let rowHeight = 1;
  let pixels = 0;

  function measure(): void {
    if (!element.clientWidth) return; // not in the page yet, or another tab is shown
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = element.clientWidth;
    const gap = rem;
    const narrowest = (pictures.length > few ? narrowestRem : narrowestOfFewRem) * rem;
    columns = Math.max(2, Math.floor((width + gap) / (narrowest + gap)));
    const tile = (width - gap * (columns - 1)) / columns;
    pixels = tile * window.devicePixelRatio;
    rowHeight = tile + captionRem * rem + gap;
    list.style.setProperty('--columns', String(columns));
    list.style.setProperty('--tile', `${tile}px`);
    list.style.setProperty('--row', `${rowHeight - gap}px`);
    element.style.height = `${Math.ceil(pictures.length / columns) * rowHeight}px`;
  }

  function cardAt(place: number): HTMLLIElement[] {
    const picture = pictures[place];
    if (!picture) return [];
    const card = cards.get(picture) ?? makeCard(picture, { layout, pixels }, () => open(pictures.indexOf(picture)));
    card.setAttribute('aria-posinset', String(place + 1));
    card.setAttribute('aria-setsize', String(pictures.length));
    // One stop for the Tab key; the arrows go from there.
    for (const button of card.querySelectorAll('button')) button.tabIndex = place === current ? 0 : -1;
    cards.set(picture, card);
    return [card];
  }

  function render(): void {
    if (!element.clientWidth) return;
    const { top } = element.getBoundingClientRect();
    const rows = Math.ceil(pictures.length / columns);
    const firstRow = Math.max(0, Math.min(rows, Math.floor(-top / rowHeight) - overscan));
    const lastRow = Math.min(rows, Math.ceil((window.innerHeight - top) / rowHeight) + overscan);
    const places = Array.from(
      { length: Math.max(0, (lastRow - firstRow) * columns) },
      (_, i) => firstRow * columns + i,
    );
    const shown = places.flatMap(cardAt);
    list.style.transform = `translateY(${firstRow * rowHeight}px)`;
    replaceChildren(list, shown);
    cards = new Map([...cards].filter(([, card]) => card.isConnected));
  }

  function focus(place: number): void {
    if (!pictures.length) return;
    current = Math.max(0, Math.min(pictures.length - 1, place));
    const top = Math.floor(current / columns) * rowHeight;
    const box = element.getBoundingClientRect();
    const isAbove = box.top + top < 0;
    const isBelow = box.top + top + rowHeight > window.innerHeight;
    if (isAbove || isBelow) window.scrollBy(0, box.top + top - (isAbove ? 16 : window.innerHeight - rowHeight - 16));
    render();
    const picture = pictures[current];
    if (picture) cards.get(picture)?.querySelector('button')?.focus({ preventScroll: true });
  }

  const steps: Readonly<Record<string, () => number>> = {
    ArrowRight: () => current + 1,
    ArrowLeft: () => current - 1,
    ArrowDown: () => current + columns,
    ArrowUp: () => current - columns,
    Home: () => 0,
    End: () => pictures.length - 1,
  };
  list.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focus(step());
  });
  list.addEventListener('focusin', (event) => {
    const card = event.target instanceof Element ? event.target.closest('li') : null;
    const place = pictures.findIndex((picture) => cards.get(picture) === card);
    if (place < 0 || place === current) return;
    current = place;
    render();
  });
  window.addEventListener('scroll', render, { passive: true });
  new ResizeObserver(() => {
    measure();
    render();
  }).observe(element);

  return {
    element,
    focus,
    show(next) {
      pictures = next;
      current = 0;
      measure();
      render();
    },
  };
}
