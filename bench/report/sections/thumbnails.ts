import type { ThumbnailFigures } from '../../thumbnails.ts';
import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const head = [
  'side',
  'images/s',
  'one call per size',
  'ratio',
  'by CPU time',
  'by CPU time, our encoder on both',
  'CPU an image',
  'bytes over theirs',
  'peak memory (of 1,769 MiB)',
  'PSNR 256, 512 (one call per size)',
];

type Compared = ThumbnailFigures['sides'][string];

const decibels = (values: readonly number[] | undefined) => (values ?? []).map((value) => value.toFixed(1)).join(', ');

const toRow = ([side, of]: readonly [string, Compared]) => [
  side,
  of.imagesPerSecond.toFixed(1),
  of.naiveImagesPerSecond.toFixed(1),
  of.ratio.toFixed(2),
  of.cpuRatio.toFixed(2),
  of.cpuRatioSameEncoder.toFixed(2),
  `${of.cpuMillisecondsPerImage.toFixed(0)} ms`,
  of.bytesOverNaive.toFixed(2),
  `${of.peakMemoryMiB} MiB, ${of.atOnce} at once`,
  `${decibels(of.worstPsnr.ours)} dB (${decibels(of.worstPsnr.naive)})`,
];

export function renderThumbnails(records: Records): string {
  const record = need(records, 'thumbnails');
  const { sides, imagesPerSecond, naiveImagesPerSecond, ratio } = record.figures;
  const both = [imagesPerSecond.toFixed(1), naiveImagesPerSecond.toFixed(1), ratio.toFixed(2)];
  const blank = head.slice(4).map(() => '');
  const rows = [...Object.entries(sides).map(toRow), ['512 and 1024', ...both, ...blank]];
  return `${origin(record)}\n${table(head, rows)}`;
}
