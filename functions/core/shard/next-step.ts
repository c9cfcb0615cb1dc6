import type { ErrorName } from '../errors.ts';
import { findInstanceType } from '../market/instance-types.ts';
import { isQuotaFull } from '../market/quota-advice.ts';
import type { Tried } from './attempt.ts';
import type { Verdict } from './classify-end.ts';
import { type EventsLeft, mostRefusals, mostWaits } from './patience.ts';

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
  /** Of the job's execution (`patience.ts`). */
  readonly events: EventsLeft;
  /** Until the job's `readyBy`; undefined: it has none. */
  readonly secondsLeft?: number;
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

/** Jitter keeps the shards of a job from coming back at the same second. The last look is at the deadline, not after it. */
function toWait(seconds: number, { jitter, secondsLeft = Number.POSITIVE_INFINITY }: Circumstances): number {
  return Math.max(1, Math.round(Math.min(seconds * (0.5 + jitter / 2), secondsLeft)));
}

const isLate = ({ secondsLeft }: Circumstances) => secondsLeft !== undefined && secondsLeft <= 0;

function afterRefusal(tried: Tried, circumstances: Circumstances): NextStep {
  if (isLate(circumstances) || tried.waits >= mostWaits) {
    return { action: 'stop', waitSeconds: 0, tried };
  }
  const waitSeconds = toWait(backoffSeconds(tried.waits), circumstances);
  return { action: 'wait', waitSeconds, tried: { ...tried, closedPools: [], waits: tried.waits + 1 } };
}

/**
 * The vCPU quota is full until an instance ends: 1, 2, 4, then 8 minutes. Less than the ten minutes for which the attempt stays in
 * line (`slots.ts`); 30 times are about three hours.
 */
const mostSlotWaits = 30;
const slotSeconds = (waits: number) => Math.min(480, 60 * 2 ** waits);
export const slotWaits = 'WaitsForSlot';
/** Among the counts: the job's execution has few events left. */
export const fewEvents = 'FewEventsLeft';

/** No pool is at fault: which are closed to the shard stays as it is. */
function afterNoSlot(tried: Tried, circumstances: Circumstances): NextStep {
  const waits = tried.counts[slotWaits] ?? 0;
  if (isLate(circumstances) || waits >= mostSlotWaits) return { action: 'stop', waitSeconds: 0, tried };
  const waitSeconds = toWait(slotSeconds(waits), circumstances);
  return { action: 'wait', waitSeconds, tried: { ...tried, counts: { ...tried.counts, [slotWaits]: waits + 1 } } };
}

/** The services of AWS are at fault, no pool is: about two hours, after which somebody must look. */
const mostOutages = 20;

function afterOutage(counted: Tried, count: number, circumstances: Circumstances): NextStep {
  if (isLate(circumstances) || count > mostOutages) return { action: 'stop', waitSeconds: 0, tried: counted };
  return { action: 'wait', waitSeconds: toWait(backoffSeconds(count - 1), circumstances), tried: counted };
}

/** Sideways after a loss (never the pool just lost), up after GpuOutOfMemory, stop for a fault of the job. */
export function nextStep(verdict: Verdict, before: Tried, circumstances: Circumstances): NextStep {
  const { outcome } = verdict;
  const { pool, events } = circumstances;
  const tried = events === 'few' ? { ...before, counts: { ...before.counts, [fewEvents]: 1 } } : before;
  if (outcome === 'Succeeded') return { action: 'done', waitSeconds: 0, tried };
  if (events === 'none') return { action: 'stop', waitSeconds: 0, tried };
  if (pool === undefined && outcome === 'NoSpotCapacity' && isQuotaFull(verdict.reason))
    return afterNoSlot(tried, circumstances);
  const count = (tried.counts[outcome] ?? 0) + 1;
  const counted = { ...tried, counts: { ...tried.counts, [outcome]: count } };
  if (outcome === 'ServiceUnavailable') return afterOutage(counted, count, circumstances);
  if (pool === undefined && outcome === 'NoSpotCapacity') return afterRefusal(counted, circumstances);
  if (pool === undefined || count > (outcome === 'NoSpotCapacity' ? mostRefusals : (patience[outcome] ?? 0))) {
    return { action: 'stop', waitSeconds: 0, tried: counted };
  }
  if (outcome === 'GpuOutOfMemory') {
    const vram = findInstanceType(pool.split('/')[1] ?? '')?.vramGib ?? 0;
    return { action: 'up', waitSeconds: 0, tried: { ...counted, vramAboveGib: vram } };
  }
  const closedPools = [...new Set([...counted.closedPools, pool])];
  return { action: 'sideways', waitSeconds: 0, tried: { ...counted, closedPools } };
}
