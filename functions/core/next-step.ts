import type { Tried } from './attempt.ts';
import type { Verdict } from './classify-end.ts';
import type { ErrorName } from './errors.ts';
import { findInstanceType } from './instance-types.ts';

/** Where a shard goes after an attempt. */
export interface NextStep {
  readonly action: 'done' | 'sideways' | 'up' | 'wait' | 'stop';
  readonly waitSeconds: number;
  readonly tried: Tried;
}

/** How often each end may happen to one shard before it gives up. Ends that are not listed stop it at once. */
const patience: Partial<Record<ErrorName, number>> = {
  SpotInterrupted: 10,
  NoSpotCapacity: 60,
  WorkerNeverStarted: 6,
  WorkerLost: 3,
  GpuOutOfMemory: 1,
  WeightsUnavailable: 1,
};

/** All pools refused: 1, 2, 4, ... minutes, at most half an hour, eight times (about two hours). */
const mostWaits = 8;
const backoffSeconds = (waits: number) => Math.min(1800, 60 * 2 ** waits);

function afterRefusal(tried: Tried, jitter: number): NextStep {
  if (tried.waits >= mostWaits) return { action: 'stop', waitSeconds: 0, tried };
  // Full jitter keeps the shards of a job from coming back at the same second.
  const waitSeconds = Math.max(1, Math.round(backoffSeconds(tried.waits) * (0.5 + jitter / 2)));
  return { action: 'wait', waitSeconds, tried: { ...tried, closedPools: [], waits: tried.waits + 1 } };
}

/**
 * Sideways after a loss (never the pool just lost), up after GpuOutOfMemory, stop for a fault of the job.
 * @param pool id of the attempt's pool; undefined when no pool was picked
 * @param jitter a random number from 0 to 1
 */
export function nextStep(verdict: Verdict, tried: Tried, pool: string | undefined, jitter: number): NextStep {
  const { outcome } = verdict;
  if (outcome === 'Succeeded') return { action: 'done', waitSeconds: 0, tried };
  const count = (tried.counts[outcome] ?? 0) + 1;
  const counted = { ...tried, counts: { ...tried.counts, [outcome]: count } };
  if (pool === undefined && outcome === 'NoSpotCapacity') return afterRefusal(counted, jitter);
  if (pool === undefined || count > (patience[outcome] ?? 0)) {
    return { action: 'stop', waitSeconds: 0, tried: counted };
  }
  if (outcome === 'GpuOutOfMemory') {
    const vram = findInstanceType(pool.split('/')[1] ?? '')?.vramGib ?? 0;
    return { action: 'up', waitSeconds: 0, tried: { ...counted, vramAboveGib: vram } };
  }
  const closedPools = [...new Set([...counted.closedPools, pool])];
  return { action: 'sideways', waitSeconds: 0, tried: { ...counted, closedPools } };
}
