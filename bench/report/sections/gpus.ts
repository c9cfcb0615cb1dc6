import { table, thousands } from '../markdown.ts';
import { type Records, toDay } from '../records.ts';

const goals = [
  { name: 'worker-sd-1.5', what: 'sd-1.5, 512x512, 25 steps', ratio: 1.15, batch1: 1.6 },
  { name: 'worker-sdxl', what: 'sdxl, 1024x1024, 30 steps', batch1: 1.25 },
  { name: 'worker-flux-schnell', what: 'flux-schnell, 1024x1024, 4 steps' },
] as const;

const head = [
  'date',
  'GPU',
  'model',
  'images/s',
  'plain, best batch',
  'ratio',
  'batch 1: ratio',
  'GPU busy',
  'error of one call',
  'compile s',
  'break-even images',
];

const goal = (value: number | undefined) => (value === undefined ? '' : `goal ${value}`);
const goalBusy = 0.97;

/** A row for each model, with its goals where no GPU was at hand yet. */
export function renderGpus(records: Records): string {
  const rows = goals.map(({ name, what, ...of }) => {
    const record = records[name];
    const ratio = 'ratio' in of ? of.ratio : undefined;
    const batch1 = 'batch1' in of ? of.batch1 : undefined;
    const wanted = [goal(ratio), goal(batch1), goal(batch1 && goalBusy)];
    if (!record) return ['not yet', '', what, '', '', ...wanted, '', '', ''];
    const { figures } = record;
    const measured = [figures.ratio, figures.batch1Ratio, figures.gpuBusyFraction ?? Number.NaN];
    return [
      toDay(record),
      figures.versions.device ?? '',
      `${figures.model}, ${figures.size}, ${figures.steps} steps`,
      figures.imagesPerSecond.toFixed(2),
      `${figures.baselineBestBatchImagesPerSecond.toFixed(2)} (${figures.baselineBestBatch})`,
      ...measured.map((value, index) => `${value.toFixed(2)}${wanted[index] ? ` (${wanted[index]})` : ''}`),
      String(figures.relativeErrorOneCall),
      figures.compileSeconds.toFixed(0),
      figures.breakEvenImages === null ? '' : thousands(figures.breakEvenImages),
    ];
  });
  return table(head, rows);
}
