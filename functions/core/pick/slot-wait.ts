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

/**
 * When the instance of an attempt that ended now is gone; one that cost nothing never had one.
 * @param timeScale shortens the times of the local mode
 */
export const goneAt = (
  { outcome, usd }: { readonly outcome: Verdict['outcome']; readonly usd: number },
  now: number,
  timeScale: number,
) => (usd === 0 || without.includes(outcome) ? now : now + idleSeconds * 1000 * timeScale);
