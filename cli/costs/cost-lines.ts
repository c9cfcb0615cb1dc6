import type { CostSum, Costs, JobCost } from '../../functions/core/receipt/sum-costs.ts';
import { count, money } from '../words/amounts.ts';
import { plainTable } from '../words/tables.ts';
import type { Billed } from './cost-explorer.ts';

export interface CostReport extends Costs {
  readonly month: string;
  /** Absent: Cost Explorer was not asked. */
  readonly billed?: Billed;
}

const perImage = (usd: number, images: number) => (images > 0 ? money(usd / images) : '');

const jobRow = ({ jobId, closedAt, schedule = '', delivered, images, reused, usd, simulated }: JobCost) => [
  closedAt.slice(0, 10),
  jobId,
  schedule,
  `${delivered}/${images}`,
  simulated ? `${money(usd)} (not paid: local)` : money(usd),
  perImage(usd, delivered - reused),
];

function sumLine(what: string, { jobs, delivered, usd, onDemandUsd, usdPerImage }: CostSum): string {
  const each = usdPerImage ? `, ${money(usdPerImage)} an image` : '';
  return `${what}: ${money(usd)} for ${count(delivered, 'image')} in ${count(jobs, 'job')}${each}; on demand ${money(onDemandUsd)}.`;
}

function billLines({ billed, total }: CostReport): readonly string[] {
  if (!billed) return [];
  if (billed.usd === undefined) return [`Cost Explorer does not say: ${billed.why}`];
  const rest = 'storage, logs and what else carries the tag; receipts count instances, their volumes and requests';
  return [`Cost Explorer: ${money(billed.usd)} for the tag project=spot-diffusion (${rest}: ${money(total.usd)}).`];
}

/** The dearest first, then the sums. */
export function costLines(report: CostReport): readonly string[] {
  const { month, jobs, schedules, total } = report;
  if (!jobs.length) return [`No job closed in ${month}.`, ...billLines(report)];
  return [
    ...plainTable(['closed', 'job', 'schedule', 'images', 'cost', 'an image'], jobs.map(jobRow)),
    ...Object.entries(schedules).map(([name, sum]) => sumLine(`Schedule ${name}`, sum)),
    sumLine(month, total),
    ...billLines(report),
  ];
}
