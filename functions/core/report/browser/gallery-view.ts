import type { Layout, PicturePart } from '../page-data.ts';
import { make } from './dom.ts';
import { type Filter, filterPictures, hasStatus, type Status, statuses } from './filter.ts';
import { describePool, toPlural } from './format.ts';
import { makeGallery } from './gallery.ts';
import { makeLightbox } from './lightbox.ts';
import { type Picture, unfold } from './pictures.ts';

const statusNames: Readonly<Record<Status, string>> = {
  all: 'All',
  delivered: 'Delivered',
  reused: 'There already',
  failed: 'Failed',
  blocked: 'Blocked',
};

/** A choice; undefined where there is but one. */
function makeChoice(name: string, options: readonly (readonly [value: string, text: string])[]) {
  if (options.length < 3) return undefined;
  const select = make('select', {}, ...options.map(([value, text]) => make('option', { value }, text)));
  return { select, label: make('label', {}, name, select) };
}

function listValues(pictures: readonly Picture[], name: 'model' | 'pool', toText: (value: string) => string) {
  const values = [...new Set(pictures.flatMap((picture) => picture[name] ?? []))].toSorted();
  return [['', 'any'] as const, ...values.map((value) => [value, toText(value)] as const)];
}

function listStatuses(pictures: readonly Picture[]) {
  const counted = statuses.map((status) => {
    const count = pictures.filter((picture) => hasStatus(picture, status)).length;
    return { status, count };
  });
  return counted
    .filter(({ count }) => count)
    .map(({ status, count }) => [status, `${statusNames[status]} (${count})`] as const);
}

/** The pictures with what finds one among them. */
export function makeGalleryView(part: PicturePart, layout: Layout): HTMLElement {
  const pictures = unfold(part);
  let shown = pictures;
  const lightbox = makeLightbox(layout, (place) => gallery.focus(place));
  const gallery = makeGallery(layout, (place) => lightbox.open(shown, place));
  const search = make('input', { type: 'search', placeholder: 'Words of a prompt, or a seed', spellcheck: 'false' });
  const status = makeChoice('Show', listStatuses(pictures));
  const model = makeChoice('Model', listValues(pictures, 'model', String));
  const pool = makeChoice('Pool', listValues(pictures, 'pool', describePool));
  const count = make('p', { class: 'found', role: 'status' });

  function find(): void {
    const filter: Filter = {
      search: search.value,
      model: model?.select.value ?? '',
      pool: pool?.select.value ?? '',
      status: statuses.find((name) => name === status?.select.value) ?? 'all',
    };
    shown = filterPictures(pictures, filter);
    const all = toPlural(pictures.length, 'image');
    count.textContent = shown.length === pictures.length ? all : `${shown.length} of ${all}`;
    gallery.show(shown);
  }

  const choices = [status, model, pool].flatMap((choice) => (choice ? [choice] : []));
  search.addEventListener('input', find);
  for (const { select } of choices) select.addEventListener('change', find);
  const form = make(
    'form',
    { class: 'filter', role: 'search' },
    make('label', {}, 'Search', search),
    ...choices.map(({ label }) => label),
  );
  form.addEventListener('submit', (event) => event.preventDefault());
  const element = make('div', {}, form, count, gallery.element, lightbox.element);
  find();
  return element;
}
