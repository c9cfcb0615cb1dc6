import { type Files, filesOf } from '../files.ts';
import type { Layout } from '../page-data.ts';
import { make } from './dom.ts';
import { hashOf, type Picture } from './pictures.ts';

/** Smaller than it is shown: its pixels are shown as they are. */
const smallSide = 128;

/** Loads the candidates one after the other until one is there. */
function loadFirst(image: HTMLImageElement, [first, ...others]: readonly string[]): void {
  if (first === undefined) {
    image.replaceWith(make('span', { class: 'gone' }, 'The image is not where this page looks for it.'));
    return;
  }
  image.onerror = () => loadFirst(image, others);
  image.src = first;
}

/** Thumbnails are of 256 and 512 pixels; a folder has the small ones alone. */
const smallThumbnail = 300;

function candidates({ image, thumbnails }: Files, pixels: number): readonly string[] {
  if (pixels === Number.POSITIVE_INFINITY) return [image, ...thumbnails.toReversed()];
  const [small, large] = thumbnails;
  const fitting = pixels > smallThumbnail ? large : small;
  return fitting === undefined ? [image] : [fitting, image];
}

/**
 * The picture in the smallest form that is sharp, or in whichever there is.
 * @param pixels how many it is shown in; infinite: itself
 */
export function makeImage(picture: Picture, layout: Layout, pixels: number): HTMLImageElement {
  const { width, height, prompt } = picture;
  const tiny = Math.max(width, height) <= smallSide ? 'pixels' : undefined;
  const image = make('img', { alt: prompt, width, height, decoding: 'async', class: tiny });
  void hashOf(picture).then((hash) => loadFirst(image, candidates(filesOf(layout, picture.index, hash), pixels)));
  return image;
}
