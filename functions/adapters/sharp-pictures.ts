import sharp, { type CreateRaw, type Sharp } from 'sharp';
import type { Pictures } from '../core/pictures.ts';

const mostColumns = 10;
const most = mostColumns * mostColumns;
/** Up to 25 pictures as they are, more of them at half the size: the sheet is at most 1280 pixels wide. */
const tileFor = (across: number) => (across <= mostColumns / 2 ? 256 : 128);
const margin = 4;
/** The largest picture that a recipe allows: a PNG that unfolds to more is none of ours. */
const mostPixels = 2048 * 2048;
const grey = '#808080';
const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');
/** Effort 1 takes a third of the time of sharp's default 4 at the same PSNR, for a fifth more bytes (`npm run bench -- thumbnails`). */
export const thumbnailWebp = { quality: 80, effort: 1 } as const;

// The function has one vCPU, and the pictures already run side by side. No operation comes twice: nothing to cache.
sharp.concurrency(1);
sharp.cache(false);

interface Pixels {
  readonly data: Buffer;
  readonly raw: CreateRaw;
}

const toPixels = async (picture: Sharp): Promise<Pixels> => {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
};

const within = (size: number) => ({ width: size, height: size, fit: 'inside', withoutEnlargement: true }) as const;

/** Row by row on its way to the largest size: the whole picture is never in memory. */
function shrinkSource(source: Uint8Array, size: number): Promise<Pixels> {
  if (!pngSignature.equals(source.subarray(0, pngSignature.length))) throw new Error('Expected a PNG, got other bytes');
  const picture = sharp(source, { limitInputPixels: mostPixels, sequentialRead: true, failOn: 'warning' });
  return toPixels(picture.resize(within(size)).removeAlpha());
}

export const sharpPictures: Pictures = {
  thumbnails: async (source, sizes) => {
    const made = new Map<number, Uint8Array>();
    let pixels: Pixels | undefined;
    // Each from the next larger one: inflating the PNG is the larger part of the work, and is done once.
    for (const size of sizes.toSorted((a, b) => b - a)) {
      pixels = pixels
        ? await toPixels(sharp(pixels.data, { raw: pixels.raw }).resize(within(size)))
        : await shrinkSource(source, size);
      made.set(size, await sharp(pixels.data, { raw: pixels.raw }).webp(thumbnailWebp).toBuffer());
    }
    return sizes.flatMap((size) => made.get(size) ?? []);
  },
  contactSheet: async (thumbnails) => {
    const shown = thumbnails.slice(0, most);
    const across = Math.max(1, Math.ceil(Math.sqrt(shown.length)));
    const rows = Math.max(1, Math.ceil(shown.length / across));
    const tile = tileFor(across);
    const side = tile - 2 * margin;
    const tiles = await Promise.all(
      shown.map(async (input, index) => {
        const { data, raw } = await toPixels(sharp(input).resize(side, side, { fit: 'contain', background: grey }));
        const left = (index % across) * tile + margin;
        return { input: data, raw, left, top: Math.floor(index / across) * tile + margin };
      }),
    );
    const sheet = { width: across * tile, height: rows * tile, channels: 3 as const, background: grey };
    return sharp({ create: sheet }).composite(tiles).webp({ quality: 80 }).toBuffer();
  },
};
