import { BudgetExceeded, NoEligiblePool, NoSpotCapacity } from '../errors.ts';
import type { Job } from '../input/job.ts';
import type { Outlook } from '../market/outlook.ts';
import { type Pool, queueName } from '../market/pools.ts';
import { explainFull } from '../market/quota-advice.ts';
import { attemptName, type Tried } from '../shard/attempt.ts';
import { isClosedForAll } from '../wait/closed-pools.ts';
import { keepDeadline } from './keep-deadline.ts';
import { leastUsd, type Offer, offerWithin } from './offer.ts';
import type { Quote } from './quote.ts';
import { type Constraints, closedReason, isSoft, type Ranking, type RejectedPool, rankPools } from './rank-pools.ts';
import { type RankedRow, toRankedRows } from './ranked-row.ts';
import { tellWorker } from './tell-worker.ts';
import type { Work } from './work.ts';

/** The pool of one attempt, ready for SubmitJob. */
export interface Pick {
  readonly pool: string;
  readonly queue: string;
  readonly jobName: string;
  /** Batch's limit for the attempt. */
  readonly timeoutSeconds: number;
  /** Of the container, MiB. */
  readonly memoryMib: number;
  readonly usdPerHour: number;
  readonly onDemandUsdPerHour: number;
  readonly expectedUsd: number;
  readonly worstUsd: number;
  /** What the instance is billed for before and after the container. */
  readonly bootSeconds: number;
  readonly idleSeconds: number;
  /** How old the instance is, which another attempt had before; 0: it boots for this one. */
  readonly hostSeconds: number;
  readonly ranked: readonly RankedRow[];
  /** Not the cheapest by what is known: a small shard finds out how fast this type really is. */
  readonly pilot: boolean;
  readonly deadlineForcesOnDemand: boolean;
  /** The budget cut its time short: it ends with it, and what is left goes to the requeue file. */
  readonly budgetLimited: boolean;
  /** What the worker is told of this type, as JSON. */
  readonly learned: string;
  /** For the receipt: what `readyBy`, a pilot or `maxUsd` has to do with the choice; empty: nothing. */
  readonly note: string;
}

export interface PickRequest {
  readonly job: Job;
  readonly shard: number;
  readonly attempt: number;
  readonly work: Work;
  readonly tried: Tried;
  readonly instanceType?: string;
  readonly outlook: Outlook;
  /** What the job may still spend; undefined: no limit. */
  readonly leftUsd?: number;
  /** Rounds of shards that come after this one; undefined: none. */
  readonly roundsAfter?: number;
  /** The shard is lent to this instance type, to find out how fast it is. */
  readonly pilotType?: string;
  /** milliseconds since the epoch */
  readonly now: number;
}

/** Seven eighths: the host keeps some for itself, and a job that asks for nearly all of it never fits. */
const containerMemoryMib = ({ types }: Outlook, instanceType: string) =>
  Math.floor((types.find(({ name }) => name === instanceType)?.memoryGib ?? 16) * 896);

function toConstraints({ job, tried, instanceType }: PickRequest): Constraints {
  return {
    maxUsdPerHour: job.maxUsdPerHour,
    onDemand: job.onDemand,
    closedPools: tried.closedPools,
    vramAboveGib: tried.vramAboveGib,
    instanceType,
  };
}

function explainRefusals(soft: readonly RejectedPool[]): string {
  const tried = soft.filter((pool) => pool.reason === closedReason).map((pool) => pool.id);
  const closed = soft.filter((pool) => isClosedForAll(pool.reason)).map((pool) => `${pool.id} is ${pool.reason}`);
  const full = soft.filter((pool) => pool.quota).map((pool) => `${pool.id}: ${pool.reason}`);
  return [...(tried.length ? [`tried ${tried.join(', ')}`] : []), ...closed, ...full].join('; ');
}

/** @param waits on-demand is allowed, and the deadline leaves time for Spot to come back */
function refuse({ shard, job }: PickRequest, { rejected }: Ranking, waits: boolean): never {
  const soft = rejected.filter(isSoft);
  const full = soft.flatMap((pool) => pool.quota ?? []);
  if (!waits && full.length && full.length === soft.length) throw new NoSpotCapacity(explainFull(shard, full));
  if (soft.length) {
    const fix = waits
      ? 'On-demand begins when `readyBy` leaves no more time for Spot.'
      : `To fix: add an instance type${job.onDemand === 'never' ? ', or set `onDemand` to `fallback`' : ''}.`;
    throw new NoSpotCapacity(`No capacity for shard ${shard}: ${explainRefusals(soft)}. ${fix}`);
  }
  const reasons = rejected.map((pool) => `${pool.id}: ${pool.reason}`).join('; ');
  throw new NoEligiblePool(`No pool can render shard ${shard}. ${reasons}.`);
}

function refuseBudget({ job, shard, work, leftUsd = 0 }: PickRequest, best: Quote): never {
  throw new BudgetExceeded(
    `The start and one image of shard ${shard} may cost up to $${leastUsd(best, work.images).toFixed(4)} in ${best.id}, ` +
      `of \`maxUsd\` $${job.maxUsd ?? leftUsd} $${leftUsd.toFixed(4)} are left. ` +
      'To fix: raise `maxUsd`, or send the requeue file later.',
  );
}

/** What the deadline leaves of the ranking. */
function inTime({ job, now, roundsAfter = 0, tried }: PickRequest, ranking: Ranking) {
  if (job.onDemand !== 'fallback' || job.readyBy === undefined) {
    return { quotes: ranking.quotes, forcesOnDemand: false, waits: false };
  }
  return keepDeadline(ranking, { readyBy: Date.parse(job.readyBy), now, roundsAfter, tried });
}

/** Among the pools of the type that the shard is lent to, where one is open and fits the budget. */
function offerPilot({ pilotType, work, leftUsd }: PickRequest, quotes: readonly Quote[]): Offer | undefined {
  const lent = quotes.filter(({ pool }) => pool.instanceType === pilotType && pool.market === 'spot');
  return offerWithin(lent, work.images, leftUsd);
}

function explain(pick: Omit<Pick, 'note'>): string {
  return [
    pick.deadlineForcesOnDemand ? 'on demand: `readyBy` leaves no more time for Spot' : '',
    pick.pilot ? 'a pilot: finds out how fast this type is' : '',
    pick.budgetLimited ? `\`maxUsd\` leaves it ${pick.timeoutSeconds} s` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

/** The cheapest image among the pools still open to this shard; on demand once the deadline leaves no time for a loss. */
export function pickPool(request: PickRequest, pools: readonly Pool[]): Pick {
  const { job, work, outlook } = request;
  const ranking = rankPools(work, pools, outlook, toConstraints(request));
  const { quotes, forcesOnDemand, waits } = inTime(request, ranking);
  const best = quotes[0];
  if (!best) return refuse(request, ranking, waits);
  const pilot = offerPilot(request, quotes);
  // On-demand as a fallback is for want of Spot, not of budget.
  const sameMarket = quotes.filter(({ pool }) => pool.market === best.pool.market);
  const offer = pilot ?? offerWithin(sameMarket, work.images, request.leftUsd);
  if (!offer) return refuseBudget(request, best);
  const { quote, timeoutSeconds, worstUsd, budgetLimited } = offer;
  const pick = {
    pool: quote.id,
    queue: queueName(quote.pool),
    jobName: attemptName(job.jobId, request.shard, request.attempt),
    timeoutSeconds,
    memoryMib: containerMemoryMib(outlook, quote.pool.instanceType),
    usdPerHour: quote.usdPerHour,
    onDemandUsdPerHour: quote.onDemandUsdPerHour,
    expectedUsd: quote.usd,
    worstUsd,
    bootSeconds: quote.coldBootSeconds,
    idleSeconds: quote.coldIdleSeconds,
    hostSeconds: 0,
    ranked: toRankedRows(quotes),
    pilot: pilot !== undefined,
    deadlineForcesOnDemand: forcesOnDemand,
    budgetLimited,
    learned: tellWorker(work, quote.pool.instanceType, outlook.speeds),
  };
  return { ...pick, note: explain(pick) };
}
