import type { Tried } from './attempt.ts';
import type { Verdict } from './classify-end.ts';
import type { ErrorName } from './errors.ts';
import { findInstanceType } from './instance-types.ts';
import { mostRefusals, mostWaits } from './patience.ts';
import { isQuotaFull } from './quota-advice.ts';

/** Where a shard goes after an attempt. */
export interface NextStep {
  readonly action: 'done' | 'sideways' | 'up' | 'wait' | 'stop';
  readonly waitSeconds: number;
  readonly tried: Tried;
}

export interface Circumstances {
  /** id of the attempt's pool; undefined when no pool was picked */
  readonly pool: string | undefined;
  /** A random number from 0 to 1. */
  readonly jitter: number;
  /** Shards of the job that run at once. */
  readonly atOnce: number;
}

/** How often each end may happen to one shard before it gives up. Ends that are not listed stop it at once. */
const patience: Partial<Record<ErrorName, number>> = {
  SpotInterrupted: 10,
  WorkerNeverStarted: 6,
  WorkerLost: 3,
  GpuOutOfMemory: 1,
  WeightsUnavailable: 1,
};

/** All pools refused: 1, 2, 4, 8, then 10 minutes, after which a pool that refused is open again. */
export const backoffSeconds = (waits: number) => Math.min(600, 60 * 2 ** waits);

function afterRefusal(tried: Tried, { jitter, atOnce }: Circumstances): NextStep {
  if (tried.waits >= mostWaits(atOnce)) return { action: 'stop', waitSeconds: 0, tried };
  // Full jitter keeps the shards of a job from coming back at the same second.
  const waitSeconds = Math.max(1, Math.round(backoffSeconds(tried.waits) * (0.5 + jitter / 2)));
  return { action: 'wait', waitSeconds, tried: { ...tried, closedPools: [], waits: tried.waits + 1 } };
}

/**
 * The vCPU quota is full until an instance ends: 1, 2, 4, then 8 minutes. Less than the ten minutes for which the attempt stays in
 * line (`slots.ts`); 30 times are about four hours: Step Functions allows 25,000 events, and each wait takes about 20.
 */
const mostSlotWaits = 30;
const slotSeconds = (waits: number) => Math.min(480, 60 * 2 ** waits);
const slotWaits = 'WaitsForSlot';

/** No pool is at fault: which are closed to the shard stays as it is. */
function afterNoSlot(tried: Tried, jitter: number): NextStep {
  const waits = tried.counts[slotWaits] ?? 0;
  if (waits >= mostSlotWaits) return { action: 'stop', waitSeconds: 0, tried };
  const waitSeconds = Math.max(1, Math.round(slotSeconds(waits) * (0.5 + jitter / 2)));
  return { action: 'wait', waitSeconds, tried: { ...tried, counts: { ...tried.counts, [slotWaits]: waits + 1 } } };
}

/** Sideways after a loss (never the pool just lost), up after GpuOutOfMemory, stop for a fault of the job. */
export function nextStep(verdict: Verdict, tried: Tried, circumstances: Circumstances): NextStep {
  const { outcome } = verdict;
  const { pool, jitter, atOnce } = circumstances;
  if (outcome === 'Succeeded') return { action: 'done', waitSeconds: 0, tried };
  if (pool === undefined && outcome === 'NoSpotCapacity' && isQuotaFull(verdict.reason))
    return afterNoSlot(tried, jitter);
  const count = (tried.counts[outcome] ?? 0) + 1;
  const counted = { ...tried, counts: { ...tried.counts, [outcome]: count } };
  if (pool === undefined && outcome === 'NoSpotCapacity') return afterRefusal(counted, circumstances);
  if (pool === undefined || count > (outcome === 'NoSpotCapacity' ? mostRefusals(atOnce) : (patience[outcome] ?? 0))) {
    return { action: 'stop', waitSeconds: 0, tried: counted };
  }
  if (outcome === 'GpuOutOfMemory') {
    const vram = findInstanceType(pool.split('/')[1] ?? '')?.vramGib ?? 0;
    return { action: 'up', waitSeconds: 0, tried: { ...counted, vramAboveGib: vram } };
  }
  const closedPools = [...new Set([...counted.closedPools, pool])];
  return { action: 'sideways', waitSeconds: 0, tried: { ...counted, closedPools } };
}
