import { isOver, isWaiting, type QueuedJob } from '../batch-queue.ts';
import { bootSeconds } from '../pick/around-container.ts';
import { usdForSeconds } from '../pick/cost-model.ts';
import type { Priced } from '../pick/pick-schema.ts';

/** The container gets 30 s between SIGTERM and SIGKILL. */
const graceSeconds = 30;

/** What an attempt that was ended from outside used, and cost. */
export interface Used {
  readonly seconds: number;
  readonly startSeconds: number;
  readonly idleSeconds: number;
  readonly usd: number;
}

/**
 * One rule for Settle attempt (after a timeout) and Clean up job (after the workflow's end): at least what its times say,
 * at most its reservation. A job that waits has used nothing; one that starts has used a boot and its idle tail; where Batch knows no job of
 * that name, nobody knows what ran: the whole reservation.
 * @param job as it was when it was ended
 * @param now milliseconds since the epoch
 */
export function terminatedUse(
  pick: Pick<Priced, 'usdPerHour' | 'bootSeconds' | 'idleSeconds'> & { readonly worstUsd: number },
  job: QueuedJob | undefined,
  now: number,
): Used {
  const nothing = { seconds: 0, startSeconds: 0, idleSeconds: 0 };
  if (!job) return { ...nothing, usd: pick.worstUsd };
  const started = job.startedAt;
  if (started === undefined && (isWaiting(job) || isOver(job))) return { ...nothing, usd: 0 };
  const stopped = job.stoppedAt ?? now + graceSeconds * 1000;
  const seconds = started === undefined ? 0 : Math.max(0, (stopped - started) / 1000);
  const startSeconds = pick.bootSeconds ?? bootSeconds;
  const idleSeconds = pick.idleSeconds ?? 0;
  const usd = usdForSeconds(pick.usdPerHour, seconds + startSeconds + idleSeconds);
  return { seconds, startSeconds, idleSeconds, usd: Math.min(pick.worstUsd, usd) };
}
