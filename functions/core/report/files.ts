import { imageKey, thumbnailKey, thumbnailSizes } from '../storage/keys.ts';
import type { Layout } from './page-data.ts';

export interface Files {
  readonly image: string;
  /** The smaller first. */
  readonly thumbnails: readonly string[];
}

/** `0001-1a2b3c4d5e6f`: a number for people and the start of the hash; nothing of the prompt. */
export const folderName = (index: number, hash: string) => `${String(index + 1).padStart(4, '0')}-${hash.slice(0, 12)}`;

/** Where a picture lies as seen from the page. */
export function filesOf(layout: Layout, index: number, hash: string): Files {
  if (layout === 'bucket') {
    const thumbnails = thumbnailSizes.map((size) => `../../${thumbnailKey(hash, size)}`);
    return { image: `../../${imageKey(hash)}`, thumbnails };
  }
  const name = folderName(index, hash);
  return { image: `images/${name}.png`, thumbnails: [`thumbnails/${name}.webp`] };
}
