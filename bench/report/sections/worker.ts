import type { WorkerFigures } from '../../worker.ts';
import { origin, table } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const head = [
  'our compute batch',
  'ours',
  'plain, one at a time',
  'ratio',
  'plain, best batch',
  'ratio to it',
  'batch 1: ratio',
  'first image, with loading',
  'loading, ours and `from_pretrained`',
  'error of one call',
];

const toRow = (of: WorkerFigures) => [
  String(of.batch),
  of.imagesPerSecond.toFixed(2),
  of.baselineBatch1ImagesPerSecond.toFixed(2),
  of.ratio.toFixed(2),
  `${of.baselineBestBatchImagesPerSecond.toFixed(2)} (${of.baselineBestBatch})`,
  of.bestBatchRatio.toFixed(2),
  of.batch1Ratio.toFixed(2),
  `${of.timeToFirstImageSeconds.toFixed(2)} s`,
  `${of.loadSeconds.toFixed(2)} s, ${of.baselineLoadSeconds.toFixed(2)} s`,
  String(of.relativeErrorOneCall),
];

export function renderWorker(records: Records): string {
  const both = [need(records, 'worker-4'), need(records, 'worker-16')];
  const { model, size, steps, scheduler, threads, versions } = need(records, 'worker-4').figures;
  const installed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const what = `\`${model}\`, ${size}, ${steps} steps, ${scheduler}, threads: ${threads}; ${installed.join(', ')}. Images/s:`;
  return `${both.map(origin).join('\n')}\n${what}\n\n${table(
    head,
    both.map(({ figures }) => toRow(figures)),
  )}`;
}
