import sharp from 'sharp';
import { makeRandom } from '../replay/random.ts';

/** As Pillow packs the worker's pictures (`container/worker/png.py`). */
const packing = { compressionLevel: 3, adaptiveFiltering: true } as const;

/** Noise in octaves whose amplitude falls with the frequency, as in photographs: smooth areas, texture and grain. */
async function drawTexture(side: number, random: () => number): Promise<Buffer> {
  const sum = new Float32Array(side * side * 3).fill(120);
  for (let cells = 2, amplitude = 110; cells <= side; cells *= 2, amplitude *= 0.62) {
    const noise = Buffer.from(Array.from({ length: cells * cells * 3 }, () => random() * 256));
    const octave = await sharp(noise, { raw: { width: cells, height: cells, channels: 3 } })
      .resize(side, side, { kernel: 'cubic', fit: 'fill' })
      .raw()
      .toBuffer();
    for (const [index, value] of octave.entries()) sum[index] = (sum[index] ?? 0) + ((value - 128) / 128) * amplitude;
  }
  return Buffer.from(Uint8ClampedArray.from(sum));
}

/** Things with hard edges and gradients, half transparent, so that the texture shows through. */
function drawThings(side: number, random: () => number): Buffer {
  const at = () => Math.round(random() * side);
  const colour = () =>
    `hsl(${Math.round(random() * 360)} ${Math.round(20 + random() * 70)}% ${Math.round(20 + random() * 60)}%)`;
  const things = Array.from({ length: 12 }, (_, index) => {
    const fill = `<linearGradient id="g${index}"><stop stop-color="${colour()}"/><stop offset="1" stop-color="${colour()}"/></linearGradient>`;
    const paint = `fill="url(#g${index})" fill-opacity="${(0.35 + random() * 0.4).toFixed(2)}"`;
    const round = `<ellipse cx="${at()}" cy="${at()}" rx="${at() / 5}" ry="${at() / 5}" ${paint}/>`;
    const angular = `<polygon points="${at()},${at()} ${at()},${at()} ${at()},${at()}" ${paint}/>`;
    return fill + (index % 2 ? round : angular);
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${things.join('')}</svg>`,
  );
}

/** A PNG that costs about what a rendered picture costs to inflate and to pack again: no flat colour, some edges. */
export async function drawPhotograph(side: number, seed: number): Promise<Buffer> {
  const random = makeRandom(seed);
  const texture = sharp(await drawTexture(side, random), { raw: { width: side, height: side, channels: 3 } });
  return texture
    .composite([{ input: drawThings(side, random) }])
    .removeAlpha()
    .png(packing)
    .toBuffer();
}
