import { poolId } from '../../functions/core/market/pools.ts';
import { settle } from '../../functions/core/settle/settlement.ts';
import { classifyEnd } from '../../functions/core/shard/classify-end.ts';
import { loadShare, poolOf, toMs } from './installation.ts';
import type { AttemptOutcome, Terms } from './policy.ts';

/**
 * What AWS bills for an attempt, by the product's own settling: an instance that EC2 takes back in its first hour is
 * free, its volume and address are not.
 */
export function billOf(attempt: AttemptOutcome & { readonly usd: number }, terms: Terms): number {
  const { place, seconds, startedAt, usd, end } = attempt;
  const bootSeconds = Math.min(seconds, terms.changeoverSeconds * (1 - loadShare));
  const usdPerHour = seconds > 0 ? (usd * 3600) / seconds : 0;
  const job = { StartedAt: toMs(startedAt + bootSeconds), StoppedAt: toMs(startedAt + seconds) };
  const cause = JSON.stringify({ ...job, StatusReason: 'Host EC2 (instance i-0) terminated.' });
  const verdict = classifyEnd(
    end === 'lost' ? { stage: 'run', error: 'States.TaskFailed', cause } : { stage: 'run', job },
  );
  const pick = {
    pool: poolId(poolOf(place, terms)),
    usdPerHour,
    onDemandUsdPerHour: usdPerHour,
    bootSeconds,
    idleSeconds: 0,
  };
  return settle(pick, verdict, { jobId: 'replay', shard: 0, attempt: 1 }).usd;
}
