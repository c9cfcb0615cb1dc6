import sharp from 'sharp';
import type { Pictures } from '../core/ports.ts';

const tile = 128;
const columns = 10;
const most = columns * columns;

export const sharpPictures: Pictures = {
  thumbnails: async (source, sizes) => {
    // One decode to raw pixels for all sizes: inflating the PNG is the larger part of the work.
    const { data, info } = await sharp(source).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    return Promise.all(
      sizes.map((size) =>
        sharp(data, { raw })
          .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
          .webp({ quality: 80 })
          .toBuffer(),
      ),
    );
  },
  contactSheet: async (thumbnails) => {
    const shown = thumbnails.slice(0, most);
    const across = Math.min(columns, Math.max(1, shown.length));
    const rows = Math.max(1, Math.ceil(shown.length / across));
    const tiles = await Promise.all(
      shown.map(async (input, index) => ({
        input: await sharp(input).resize(tile, tile, { fit: 'contain', background: '#808080' }).toBuffer(),
        left: (index % across) * tile,
        top: Math.floor(index / across) * tile,
      })),
    );
    const sheet = { width: across * tile, height: rows * tile, channels: 3 as const, background: '#808080' };
    return sharp({ create: sheet }).composite(tiles).webp({ quality: 80 }).toBuffer();
  },
};
