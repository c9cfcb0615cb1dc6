import type { Pictures } from '../../functions/core/pictures.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (content: string) => new TextEncoder().encode(content);

/** Pictures as text: `256 of <source>`; a source that begins with `corrupt` is no picture. */
export const fakePictures: Pictures = {
  thumbnails: async (source, sizes) => {
    if (text(source).startsWith('corrupt')) throw new Error('Input buffer contains unsupported image format');
    return sizes.map((size) => bytes(`${size} of ${text(source)}`));
  },
  contactSheet: async (thumbnails) => {
    if (!thumbnails.length) throw new TypeError('Expected thumbnails, got none');
    return bytes(thumbnails.map(text).join('|'));
  },
};
