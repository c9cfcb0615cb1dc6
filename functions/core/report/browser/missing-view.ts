import type { PicturePart } from '../page-data.ts';
import { makeCopyButton } from './copy.ts';
import { make, makeText } from './dom.ts';
import { type Picture, toRecipeLine, unfold } from './pictures.ts';

/** More would make a page of their own; the requeue file holds all. */
const mostShown = 500;

function makeItem(picture: Picture): HTMLElement {
  const { status, prompt, seed, error } = picture;
  return make(
    'li',
    {},
    makeText(prompt, 'prompt'),
    make(
      'p',
      { class: 'reason' },
      make('strong', { class: status }, status ?? ''),
      ` seed ${seed}: `,
      makeText(error ?? ''),
    ),
    makeCopyButton('Copy recipe', () => toRecipeLine(picture)),
  );
}

/** What is not there, why, and what brings it. */
export function makeMissingView(part: PicturePart, requeue: boolean): HTMLElement {
  const missing = unfold(part).filter(({ status }) => status);
  const blocked = missing.some(({ status }) => status === 'blocked');
  const more = missing.length - mostShown;
  return make(
    'div',
    { class: 'left' },
    requeue
      ? make(
          'p',
          {},
          'The failed ones are in ',
          make('a', { href: 'requeue.jsonl' }, 'requeue.jsonl'),
          ': a prompts file for another job.',
        )
      : undefined,
    blocked
      ? make(
          'p',
          {},
          'The blocked ones were rendered and kept back by the job’s own safety policy; they are not requeued.',
        )
      : undefined,
    make('ul', { class: 'rows' }, ...missing.slice(0, mostShown).map(makeItem)),
    more > 0 ? make('p', {}, `And ${more} more.`) : undefined,
  );
}
