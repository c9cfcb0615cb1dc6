import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../functions/core/median.ts';
import { thumbnailsAtOnce } from '../functions/core/report/thumbnails-at-once.ts';
import { readFlags } from './flags.ts';
import { round } from './numbers.ts';
import { runCommand } from './run-command.ts';
import { drawPhotograph } from './thumbnails/photograph.ts';
import type { Side, SideFigures, SideRequest } from './thumbnails/side.ts';

/** The sizes of SD 1.5 and of SDXL and FLUX; the largest that a recipe allows, for the memory. */
const compared = [512, 1024] as const;
const largest = 2048;
const different = 8;

const hundredths = (value: number) => round(value, 2);

export async function runSide(request: SideRequest): Promise<SideFigures> {
  const script = join(import.meta.dirname, 'thumbnails', 'side.ts');
  return JSON.parse((await runCommand(process.execPath, [script, JSON.stringify(request)])).lastLine);
}

async function drawAll(folder: string, side: number): Promise<readonly string[]> {
  const files = Array.from({ length: different }, (_, index) => join(folder, `${side}-${index}.png`));
  for (const [index, file] of files.entries()) await writeFile(file, await drawPhotograph(side, side + index));
  return files;
}

export interface ThumbnailFigures {
  readonly imagesPerSecond: number;
  readonly naiveImagesPerSecond: number;
  readonly ratio: number;
  readonly peakMemoryMiB: number;
  readonly pictures: string;
  /** By pixels a side. */
  readonly sides: Readonly<Record<string, Compared>>;
}

type Compared = Awaited<ReturnType<typeof compare>>;

interface Terms {
  readonly images: number;
  readonly rounds: number;
}

/** The sides take turns, so that a busy machine is unfair to none; the median round counts. */
async function compare(files: readonly string[], side: number, { images, rounds }: Terms) {
  const atOnce = thumbnailsAtOnce([{ width: side, height: side }]);
  const run = (of: Side) => runSide({ side: of, files, images, atOnce });
  const turns: { ours: SideFigures; naive: SideFigures; sameEncoder: SideFigures }[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    turns.push({ ours: await run('ours'), naive: await run('naive'), sameEncoder: await run('naive, our encoder') });
  }
  const rate = (of: 'ours' | 'naive' | 'sameEncoder') => median(turns.map((turn) => images / turn[of].seconds));
  const cpu = (of: 'ours' | 'naive' | 'sameEncoder') => median(turns.map((turn) => turn[of].cpuSeconds));
  const peak = (of: 'ours' | 'naive') => Math.max(...turns.map((turn) => turn[of].peakMemoryMiB));
  const [first] = turns;
  return {
    atOnce,
    imagesPerSecond: hundredths(rate('ours')),
    naiveImagesPerSecond: hundredths(rate('naive')),
    ratio: hundredths(rate('ours') / rate('naive')),
    cpuRatio: hundredths(cpu('naive') / cpu('ours')),
    cpuRatioSameEncoder: hundredths(cpu('sameEncoder') / cpu('ours')),
    cpuMillisecondsPerImage: round((cpu('ours') / images) * 1000, 1),
    peakMemoryMiB: Math.ceil(peak('ours')),
    naivePeakMemoryMiB: Math.ceil(peak('naive')),
    bytesOverNaive: hundredths((first?.ours.bytes ?? 0) / (first?.naive.bytes ?? 1)),
    worstPsnr: {
      ours: first?.ours.psnr.map((value) => hundredths(value)),
      naive: first?.naive.psnr.map((value) => hundredths(value)),
    },
  };
}

/** Both thumbnails of pictures like photographs, ours against one call of sharp per size. */
export async function benchThumbnails(args: readonly string[]): Promise<ThumbnailFigures> {
  const flags = readFlags(args, ['images', 'rounds']);
  const terms = { images: flags.number('images', 32), rounds: flags.number('rounds', 3) };
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-thumbnails-'));
  try {
    const sides: Record<string, Compared> = {};
    for (const side of [...compared, largest]) {
      sides[side] = await compare(await drawAll(folder, side), side, terms);
    }
    const of = compared.flatMap((side) => sides[side] ?? []);
    const rate = (pick: (figures: (typeof of)[number]) => number) =>
      of.length / of.reduce((sum, figures) => sum + 1 / pick(figures), 0);
    const imagesPerSecond = rate((figures) => figures.imagesPerSecond);
    const naiveImagesPerSecond = rate((figures) => figures.naiveImagesPerSecond);
    return {
      imagesPerSecond: hundredths(imagesPerSecond),
      naiveImagesPerSecond: hundredths(naiveImagesPerSecond),
      ratio: hundredths(imagesPerSecond / naiveImagesPerSecond),
      peakMemoryMiB: Math.max(...Object.values(sides).map((figures) => figures.peakMemoryMiB)),
      pictures: `${different} synthetic photographs of each size, as many of 512 as of 1024 pixels a side`,
      sides,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
