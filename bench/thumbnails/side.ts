import { readFileSync } from 'node:fs';
import pMap from 'p-map';
import sharp, { type WebpOptions } from 'sharp';
import { sharpPictures, thumbnailWebp } from '../../functions/adapters/sharp-pictures.ts';
import { thumbnailSizes } from '../../functions/core/storage/keys.ts';
import { readPeakMiB } from '../peak-memory.ts';
import { psnr } from './psnr.ts';

/** One call of sharp per size from the PNG, as its documentation shows it. */
const perSize = (webp: WebpOptions) => (source: Uint8Array) =>
  Promise.all(
    thumbnailSizes.map((size) =>
      sharp(source)
        .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
        .removeAlpha()
        .webp(webp)
        .toBuffer(),
    ),
  );

const sides = {
  ours: (source: Uint8Array) => sharpPictures.thumbnails(source, thumbnailSizes),
  naive: perSize({ quality: thumbnailWebp.quality }),
  'naive, our encoder': perSize(thumbnailWebp),
} as const;

export type Side = keyof typeof sides;

export interface SideFigures {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process, with Node itself. */
  readonly peakMemoryMiB: number;
  /** Of both sizes of all pictures. */
  readonly bytes: number;
  /** Each size against the source shrunk to it and not packed: the worst picture. */
  readonly psnr: readonly number[];
}

export interface SideRequest {
  readonly side: Side;
  readonly files: readonly string[];
  readonly images: number;
  readonly atOnce: number;
}

async function worstPsnr(sources: readonly Uint8Array[], made: readonly (readonly Uint8Array[])[]) {
  const pixels = (of: Uint8Array, size: number) => sharp(of).resize(size, size, { fit: 'inside' }).raw().toBuffer();
  return pMap(thumbnailSizes, async (size, index) => {
    const each = sources.map(async (source, picture) =>
      psnr(await pixels(source, size), await pixels(made[picture]?.[index] ?? source, size)),
    );
    return Math.min(...(await Promise.all(each)));
  });
}

async function measure({ side, files, images, atOnce }: SideRequest): Promise<SideFigures> {
  const shrink = sides[side];
  const shown = (index: number) => readFileSync(files[index % files.length] ?? '');
  const first = await shrink(shown(0));
  const made: (readonly Uint8Array[])[] = [];
  const startedCpu = process.cpuUsage();
  const started = performance.now();
  await pMap(
    Array.from({ length: images }, (_, index) => index),
    async (index) => {
      const thumbnails = await shrink(shown(index));
      if (index < files.length) made[index] = thumbnails;
    },
    { concurrency: atOnce },
  );
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(startedCpu);
  // Before the quality is looked at: that takes whole pictures.
  const peakMemoryMiB = readPeakMiB();
  const sources = files.map((_, index) => shown(index));
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMemoryMiB,
    bytes: (made.length ? made : [first]).flat().reduce((sum, { length }) => sum + length, 0),
    psnr: await worstPsnr(sources, made),
  };
}

// A process of its own for each side: what it takes of memory at most is told only per process.
process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '')))}\n`);
