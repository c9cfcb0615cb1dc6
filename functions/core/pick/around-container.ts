import type { Outlook } from '../market/outlook.ts';
import { idleSeconds as assumedIdleSeconds } from '../slots/slots.ts';

/** Assumed until the ledger knows better: instance boot 90 s and container pull 120 s (AWS Batch on EC2, 3-6 min in all). */
export const bootSeconds = 210;

/** The image is there, the container starts within seconds. Assumed. */
export const warmBootSeconds = 10;

/** What an instance is billed for before and after the container. Seconds. */
export interface Around {
  readonly boot: number;
  readonly idle: number;
}

export interface AroundContainer extends Around {
  /** An instance idles in the pool: it starts at once, and most of its idle seconds are paid already. */
  readonly warm: boolean;
  /** Of an instance of its own. */
  readonly cold: Around;
  /** The boot was seen in this pool. */
  readonly measured: boolean;
}

/** A median of the pool over the assumption, which weighs as much as one attempt. */
function shrink(seconds: number | undefined, assumed: number, attempts: number): number {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return assumed;
  return (attempts * seconds + assumed) / (attempts + 1);
}

function warmer({ boot, idle }: Around, secondsLeft: readonly number[]): Around {
  if (!secondsLeft.length) return { boot, idle };
  // Of several the slot takes the one that is gone first (`slots.ts`).
  return { boot: Math.min(boot, warmBootSeconds), idle: Math.max(0, idle - Math.min(...secondsLeft)) };
}

/** @param id of the pool */
export function aroundContainer(id: string, { records, idle }: Outlook): AroundContainer {
  const record = records.find((row) => row.pool === id);
  const seen = (record?.successes ?? 0) + (record?.losses ?? 0);
  const attempts = Number.isFinite(seen) && seen > 0 ? seen : 0;
  const cold = {
    boot: shrink(record?.bootSeconds, bootSeconds, attempts),
    idle: assumedIdleSeconds,
  };
  const secondsLeft = idle.filter((row) => row.pool === id).map((row) => row.secondsLeft);
  const measured = attempts >= 1 && record?.bootSeconds !== undefined;
  return { ...warmer(cold, secondsLeft), warm: secondsLeft.length > 0, cold, measured };
}
