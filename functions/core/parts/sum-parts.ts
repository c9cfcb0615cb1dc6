import type { Job } from '../input/job.ts';
import { partNames, partSizes } from '../input/parts.ts';
import { type CloseFacts, type PartLine, type Receipt, toSums, whatFailed } from '../receipt/receipt.ts';
import { type LostTotals, toLostTotals } from '../receipt/receipt-line.ts';
import { roundUsd } from '../usd.ts';

type Amount = 'delivered' | 'reused' | 'blocked' | 'usd' | 'onDemandUsd';

function toLine(jobId: string, images: number, receipt: Receipt | undefined): PartLine {
  if (!receipt) return { jobId, status: 'not closed', images, delivered: 0, usd: 0 };
  const { status, delivered, usd } = receipt;
  return { jobId, status, images, delivered, usd };
}

function addUp(lost: readonly LostTotals[]): LostTotals {
  const sum = (name: keyof LostTotals) => roundUsd(lost.reduce((total, one) => total + one[name], 0));
  return {
    attempts: sum('attempts'),
    withoutInstance: sum('withoutInstance'),
    usd: sum('usd'),
    wasteUsd: sum('wasteUsd'),
    unbilled: sum('unbilled'),
    unbilledUsd: sum('unbilledUsd'),
  };
}

/** The receipt of a job in parts: the sums of theirs. A part without a receipt delivered nothing that is known. */
export function sumParts(job: Job, receipts: readonly (Receipt | undefined)[], facts: CloseFacts): Receipt {
  const closed = receipts.flatMap((receipt) => receipt ?? []);
  const sum = (name: Amount) => closed.reduce((total, receipt) => total + receipt[name], 0);
  const [delivered, reused, blocked] = [sum('delivered'), sum('reused'), sum('blocked')];
  const failed = job.images - delivered - blocked;
  const sizes = partSizes(job.images, receipts.length);
  const failure = whatFailed(failed ? facts.failures : [], failed, job.images);
  return {
    version: 1,
    jobId: job.jobId,
    status: failure ? 'failed' : 'delivered',
    startedAt: facts.startedAt,
    closedAt: facts.closedAt,
    images: job.images,
    delivered,
    reused,
    blocked,
    failed,
    ...toSums({ usd: sum('usd'), onDemandUsd: sum('onDemandUsd'), rendered: delivered - reused }),
    plannedUsd: facts.plannedUsd,
    attempts: [],
    parts: partNames(job).map((name, index) => toLine(name, sizes[index] ?? 0, receipts[index])),
    lost: addUp(closed.map((receipt) => receipt.lost ?? toLostTotals(receipt.attempts))),
    simulated: facts.simulated,
    failure,
    schedule: facts.schedule,
    ...(facts.redriveCount ? { redriveCount: facts.redriveCount } : {}),
  };
}
