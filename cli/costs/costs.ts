import pMap from 'p-map';
import { readReceipt } from '../../functions/core/close/read-job.ts';
import { sumCosts } from '../../functions/core/receipt/sum-costs.ts';
import { checkOnAws, type PlaceFlags } from '../grammar/flags.ts';
import { listJobNames } from '../target/job-names.ts';
import { openTarget } from '../target/open-target.ts';
import { answer } from '../words/answer.ts';
import { readBill } from './cost-explorer.ts';
import { costLines } from './cost-lines.ts';

export interface CostFlags extends PlaceFlags {
  readonly month?: string;
  readonly costExplorer?: boolean;
}

/** `costs [--month 2026-11]`: what the receipts of the month add up to. */
export async function costs({
  json,
  month = new Date().toISOString().slice(0, 7),
  costExplorer = false,
  ...place
}: CostFlags) {
  checkOnAws('--cost-explorer', costExplorer, place);
  const target = await openTarget({ command: 'costs', ...place });
  try {
    const names = await listJobNames(target);
    const receipts = await pMap(names, (jobId) => readReceipt(target.bucket, jobId), { concurrency: 32 });
    const sums = sumCosts(
      receipts.flatMap((receipt) => receipt ?? []),
      month,
    );
    const billed = costExplorer ? await readBill(target, month) : undefined;
    const report = { month, ...sums, ...(billed ? { billed } : {}) };
    answer(json, report, costLines(report));
    return 0;
  } finally {
    await target.close();
  }
}
