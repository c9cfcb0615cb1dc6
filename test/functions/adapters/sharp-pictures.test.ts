import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawPhotograph } from '../../../bench/thumbnails/photograph.ts';
import { psnr } from '../../../bench/thumbnails/psnr.ts';
import { sharpPictures } from '../../../functions/adapters/sharp-pictures.ts';

const red = '#ff0000';
const picture = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: red } });
const png = (width: number, height: number, channels: 3 | 4 = 3) => picture(width, height, channels).png().toBuffer();
const sizeOf = async (bytes: Uint8Array) => {
  const { width, height, format } = await sharp(bytes).metadata();
  return [width, height, format];
};
const colourAt = async (bytes: Uint8Array, left: number, top: number) => [
  ...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer()),
];

describe('thumbnails by sharp', () => {
  const sizesOf = async (source: Uint8Array) =>
    Promise.all((await sharpPictures.thumbnails(source, [256, 512])).map(sizeOf));

  it.each([
    [1024, 1024, [256, 256], [512, 512]],
    [1024, 512, [256, 128], [512, 256]],
    [512, 2048, [64, 256], [128, 512]],
    [512, 512, [256, 256], [512, 512]],
    [300, 300, [256, 256], [300, 300]],
    [64, 64, [64, 64], [64, 64]],
    [1024, 8, [256, 2], [512, 4]],
  ])('of %i x %i are %j and %j: never enlarged, never cropped', async (width, height, small, large) => {
    expect(await sizesOf(await png(width, height))).toEqual([
      [...small, 'webp'],
      [...large, 'webp'],
    ]);
  });

  it('come in the order of the sizes', async () => {
    const made = await sharpPictures.thumbnails(await png(600, 600), [512, 256, 16]);
    expect((await Promise.all(made.map(sizeOf))).map(([width]) => width)).toEqual([512, 256, 16]);
  });

  it('show the picture', async () => {
    const [small] = await sharpPictures.thumbnails(await png(512, 512), [256]);
    const [r = 0, g = 255, b = 255] = await colourAt(small ?? new Uint8Array(), 128, 128);
    expect(r).toBeGreaterThan(240);
    expect(g + b).toBeLessThan(30);
  });

  it('take transparent and grey pictures', async () => {
    expect(await sizesOf(await png(300, 300, 4))).toHaveLength(2);
    expect(await sizesOf(await picture(300, 300).toColourspace('b-w').png().toBuffer())).toHaveLength(2);
    const [small] = await sharpPictures.thumbnails(await png(300, 300, 4), [256]);
    expect((await sharp(small).metadata()).hasAlpha).toBe(false);
  });

  it('carry nothing that stands in the source: no EXIF, no text', async () => {
    const source = await picture(300, 300)
      .withExif({ IFD0: { Copyright: 'secret' } })
      .png()
      .toBuffer();
    expect((await sharp(source).metadata()).exif).toBeDefined();
    for (const thumbnail of await sharpPictures.thumbnails(source, [256, 512])) {
      const { exif, xmp, icc, comments } = await sharp(thumbnail).metadata();
      expect([exif, xmp, icc, comments]).toEqual([undefined, undefined, undefined, undefined]);
    }
  });

  it('look alike whether drawn from the source or from the larger thumbnail', async () => {
    const source = await drawPhotograph(1024, 5);
    const [small, large] = await sharpPictures.thumbnails(source, [256, 512]);
    const pixels = (of: Uint8Array | undefined) => sharp(of).resize(256).removeAlpha().raw().toBuffer();
    const direct = await sharp(source).resize(256).webp({ quality: 80 }).toBuffer();
    const truth = await pixels(source);
    // Within a fifth of a decibel of a thumbnail that is drawn and packed from the source by sharp's defaults.
    expect(psnr(truth, await pixels(small))).toBeGreaterThan(psnr(truth, await pixels(direct)) - 0.2);
    expect(psnr(truth, await pixels(large))).toBeGreaterThan(34);
  });

  it.each([
    ['interlaced', { progressive: true }],
    ['with a palette', { palette: true }],
    ['of 16 bits', { compressionLevel: 1 }],
  ])('take a PNG that is %s', async (kind, options) => {
    const base = kind === 'of 16 bits' ? picture(600, 300).toColourspace('rgb16') : picture(600, 300);
    const [small] = await sharpPictures.thumbnails(await base.png(options).toBuffer(), [256]);
    expect(await sizeOf(small ?? new Uint8Array())).toEqual([256, 128, 'webp']);
    const [r = 0, g = 255] = await colourAt(small ?? new Uint8Array(), 100, 60);
    expect(r - g).toBeGreaterThan(200);
  });

  it('refuse what unfolds to more pixels than a recipe allows, before it is unfolded', async () => {
    const bomb = await png(4096, 4096);
    expect(bomb.length).toBeLessThan(2 ** 18);
    await expect(sharpPictures.thumbnails(bomb, [256])).rejects.toThrow('exceeds pixel limit');
  });

  it('refuse a picture that is no PNG, whatever its name says', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>');
    for (const other of [svg, await picture(64, 64).jpeg().toBuffer()]) {
      await expect(sharpPictures.thumbnails(other, [256])).rejects.toThrow('Expected a PNG');
    }
  });

  it.each(['empty', 'text', 'cut', 'flipped'])('refuse a PNG that is %s', async (kind) => {
    const noise = sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: red,
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    });
    const whole = await noise.png().toBuffer();
    const flipped = Buffer.from(whole);
    flipped.fill(0, 60, whole.length - 20);
    const sources = {
      empty: Buffer.alloc(0),
      text: Buffer.from('no picture'),
      cut: whole.subarray(0, whole.length / 2),
      flipped,
    };
    await expect(sharpPictures.thumbnails(sources[kind as keyof typeof sources], [256])).rejects.toThrow();
  });
});

describe('the contact sheet by sharp', () => {
  const sheetOf = async (count: number) => {
    const tile = await picture(256, 128).webp().toBuffer();
    return sharpPictures.contactSheet(Array.from({ length: count }, () => tile));
  };

  it.each([
    [1, 256, 256],
    [3, 512, 512],
    [6, 768, 512],
    [25, 1280, 1280],
    [26, 768, 640],
    [100, 1280, 1280],
    [101, 1280, 1280],
  ])('of %i is %i x %i', async (count, width, height) => {
    expect(await sizeOf(await sheetOf(count))).toEqual([width, height, 'webp']);
  });

  it('lays the pictures out from left to right, row by row, on grey', async () => {
    const sheet = await sheetOf(26);
    const isRed = async (left: number, top: number) => {
      const [r = 0, g = 255] = await colourAt(sheet, left, top);
      return r > 200 && g < 60;
    };
    for (const [left, top] of [
      [64, 64],
      [704, 64],
      [192, 576],
    ] as const)
      expect(await isRed(left, top)).toBe(true);
    // Above a wide picture, between two, and where there is none.
    for (const [left, top] of [
      [64, 8],
      [128, 64],
      [320, 576],
    ] as const) {
      expect(await isRed(left, top)).toBe(false);
    }
    for (const value of await colourAt(sheet, 704, 576)) expect(Math.abs(value - 128)).toBeLessThan(6);
  });

  it('refuses a thumbnail that is no picture', async () => {
    await expect(sharpPictures.contactSheet([Buffer.from('x')])).rejects.toThrow();
  });
});
