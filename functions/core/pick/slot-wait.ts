import type { QuotaRoom } from '../market/outlook.ts';
import type { Verdict } from '../shard/classify-end.ts';
import { idleSeconds } from '../slots/slots.ts';

/** Beside the attempt's own timeout the state machine allows this for its start (`Run GPU job`). */
const startSeconds = 2400;

/** Nobody who forgets to free a slot holds it for longer: until the state has ended the job, and its instance is gone. */
export const slotUntil = (now: number, timeoutSeconds: number) =>
  now + (timeoutSeconds + startSeconds + idleSeconds) * 1000;

/** vCPUs of a quota that our slots may hold; undefined: not known. */
export const forSlots = ({ have, others = 0 }: Pick<QuotaRoom, 'have' | 'others'>) =>
  have === undefined ? undefined : Math.max(0, have - others);

/** Ends after which no instance of the attempt is left. Any other leaves one that idles until Batch ends it. */
const without: readonly Verdict['outcome'][] = ['SpotInterrupted', 'NoSpotCapacity'];

export interface EndedUse {
  readonly outcome: Verdict['outcome'];
  readonly usd: number;
  /** What its instance had run for others before; 0 or absent: it was to boot one. */
  readonly hostSeconds?: number;
}

/** Batch gave it no instance in all the time that it had. One that is cancelled meanwhile may have one that boots. */
const neverHad = ({ outcome, usd, hostSeconds }: EndedUse) =>
  outcome === 'WorkerNeverStarted' && usd === 0 && !hostSeconds;

/** When the instance of an attempt that ended now is gone. @param timeScale shortens the times of the local mode */
export const goneAt = (ended: EndedUse, now: number, timeScale: number) =>
  neverHad(ended) || without.includes(ended.outcome) ? now : now + idleSeconds * 1000 * timeScale;
