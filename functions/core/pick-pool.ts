import { attemptName, type Tried } from './attempt.ts';
import { isClosedForAll } from './closed-pools.ts';
import { isUrgent } from './deadline.ts';
import { NoEligiblePool, NoSpotCapacity } from './errors.ts';
import { findInstanceType } from './instance-types.ts';
import type { Job } from './job.ts';
import { type Pool, queueName } from './pools.ts';
import type { ClosedPool } from './ports.ts';
import { bootSeconds, extrasUsdPerHour, type Quote } from './quote.ts';
import { type Constraints, closedReason, type Ranking, rankPools, type SpotPrice } from './rank-pools.ts';
import { type RankedRow, toRankedRows } from './ranked-row.ts';
import type { Work } from './work.ts';

/** The pool of one attempt, ready for SubmitJob. */
export interface Pick {
  readonly pool: string;
  readonly queue: string;
  readonly jobName: string;
  /** Batch's limit for the attempt: no worker costs more than its reservation, even if the workflow dies. */
  readonly timeoutSeconds: number;
  /** Of the container, MiB. */
  readonly memoryMib: number;
  readonly usdPerHour: number;
  readonly onDemandUsdPerHour: number;
  readonly expectedUsd: number;
  readonly worstUsd: number;
  readonly ranked: readonly RankedRow[];
  readonly deadlineForcesOnDemand: boolean;
}

export interface PickRequest {
  readonly job: Job;
  readonly shard: number;
  readonly attempt: number;
  readonly work: Work;
  readonly tried: Tried;
  readonly instanceType?: string;
  readonly closedForAll?: readonly ClosedPool[];
  /** milliseconds since the epoch */
  readonly now: number;
}

/** Twice the quote and a quarter of an hour: a slow start is no fault, a hanging worker is. Batch's minimum is 60 s. */
const attemptTimeout = (quote: Quote) => Math.ceil(Math.max(60, 2 * quote.seconds + 900));

/** Seven eighths: the host keeps some for itself, and a job that asks for nearly all of it never fits. */
const containerMemoryMib = (instanceType: string) =>
  Math.floor((findInstanceType(instanceType)?.memoryGib ?? 16) * 896);

function toConstraints(request: PickRequest): Constraints {
  const { job, tried, instanceType } = request;
  return {
    maxUsdPerHour: job.maxUsdPerHour,
    onDemand: job.onDemand,
    closedPools: tried.closedPools,
    closedForAll: request.closedForAll,
    vramAboveGib: tried.vramAboveGib,
    instanceType,
  };
}

function refuse(request: PickRequest, ranking: Ranking): never {
  const reasons = ranking.rejected.map((pool) => `${pool.id}: ${pool.reason}`).join('; ');
  const tried = ranking.rejected.filter((pool) => pool.reason === closedReason).map((pool) => pool.id);
  const others = ranking.rejected.filter((pool) => isClosedForAll(pool.reason));
  const refusals = [
    ...(tried.length ? [`tried ${tried.join(', ')}`] : []),
    ...others.map((pool) => `${pool.id} is ${pool.reason}`),
  ];
  if (refusals.length) {
    throw new NoSpotCapacity(
      `No capacity for shard ${request.shard}: ${refusals.join('; ')}. ` +
        `To fix: add an instance type${request.job.onDemand === 'never' ? ', or set `onDemand` to `fallback`' : ''}.`,
    );
  }
  throw new NoEligiblePool(`No pool can render shard ${request.shard}. ${reasons}.`);
}

/** The cheapest image among the pools still open to this shard; on demand once the deadline leaves no time for a loss. */
export function pickPool(request: PickRequest, pools: readonly Pool[], prices: readonly SpotPrice[]): Pick {
  const { job, work } = request;
  const limits = toConstraints(request);
  const ranking = rankPools(work, pools, prices, limits);
  const cheapest = ranking.quotes[0];
  const deadline = job.readyBy === undefined ? undefined : Date.parse(job.readyBy);
  const urgent = job.onDemand === 'fallback' && cheapest && isUrgent(deadline, request.now, cheapest.seconds);
  const safe = urgent ? ranking.quotes.filter((quote) => quote.pool.market === 'on-demand') : [];
  const quotes = safe.length ? safe : ranking.quotes;
  const best = quotes[0];
  if (!best) return refuse(request, ranking);
  const timeoutSeconds = attemptTimeout(best);
  return {
    pool: best.id,
    queue: queueName(best.pool),
    jobName: attemptName(job.jobId, request.shard, request.attempt),
    timeoutSeconds,
    memoryMib: containerMemoryMib(best.pool.instanceType),
    usdPerHour: best.usdPerHour,
    onDemandUsdPerHour: best.onDemandUsdPerHour,
    expectedUsd: best.usd,
    worstUsd: ((best.usdPerHour + extrasUsdPerHour) * (timeoutSeconds + bootSeconds)) / 3600,
    ranked: toRankedRows(quotes),
    deadlineForcesOnDemand: safe.length > 0,
  };
}
