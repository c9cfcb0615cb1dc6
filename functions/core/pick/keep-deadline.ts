import type { Tried } from '../shard/attempt.ts';
import { backoffSeconds } from '../shard/next-step.ts';
import { mostRefusals, mostWaits } from '../shard/patience.ts';
import { refusalSeconds } from './deadline.ts';
import type { Quote } from './quote.ts';
import { isSoft, type Ranking } from './rank-pools.ts';
import { maySpot, type Slack, waitOrOnDemand } from './spot-or-on-demand.ts';
import { slowSeconds } from './spread.ts';

/** The deadline of a shard, and what of its job comes after it. */
export interface Deadline {
  /** milliseconds since the epoch */
  readonly readyBy: number;
  readonly now: number;
  /** Rounds of shards that come after this one. */
  readonly roundsAfter: number;
  readonly tried: Tried;
  /** Shards of the job that run at once. */
  readonly atOnce: number;
}

export interface Kept {
  /** The pools that may be taken now, best first. */
  readonly quotes: readonly Quote[];
  readonly forcesOnDemand: boolean;
  /** None is taken: Spot may come back before on-demand has to begin. */
  readonly waits: boolean;
}

/** An instance that idles now is gone when Spot has wasted its time. */
function toCold(quote: Quote): Quote {
  const { bootSeconds, coldBootSeconds } = quote;
  const more = coldBootSeconds - bootSeconds;
  return { ...quote, startSeconds: quote.startSeconds + more, seconds: quote.seconds + more };
}

/** The slower case of nine in ten on demand; a Spot attempt that is refused, or lost in its first image. */
function toSlack({ readyBy, now, roundsAfter }: Deadline, onDemand: Quote, spot: Quote): Slack {
  const { start, render } = slowSeconds(toCold(onDemand));
  return {
    workSeconds: render + roundsAfter * (start + render),
    untilDeadline: (readyBy - now) / 1000,
    startSeconds: start,
    wastedSeconds: Math.max(refusalSeconds, spot.startSeconds + spot.secondsPerImage),
  };
}

/** On demand may be refused, too: a shard that may go there gives Spot up while it has this many refusals left. */
const refusalsLeft = 5;

const isPatient = ({ tried: { waits, counts }, atOnce }: Deadline) =>
  waits < mostWaits(atOnce) && (counts.NoSpotCapacity ?? 0) < mostRefusals(atOnce) - refusalsLeft;

const bySpeed = (a: Quote, b: Quote) => a.seconds - b.seconds;

/** `onDemand: fallback` with `readyBy`: Spot while the slack lasts, a wait for Spot while that leaves enough, then on demand. */
export function keepDeadline({ quotes, rejected }: Ranking, deadline: Deadline): Kept {
  const [spot] = quotes.filter(({ pool }) => pool.market === 'spot');
  const onDemand = quotes.filter(({ pool }) => pool.market === 'on-demand');
  const [fastest] = onDemand.toSorted(bySpeed);
  if (!fastest) return { quotes, forcesOnDemand: false, waits: false };
  const slack = toSlack(deadline, fastest, spot ?? fastest);
  if (spot) {
    const may = isPatient(deadline) && maySpot(slack);
    return { quotes: may ? quotes : onDemand, forcesOnDemand: !may, waits: false };
  }
  const mayComeBack = rejected.some((pool) => isSoft(pool) && pool.id.endsWith('/spot'));
  const lookAgainSeconds = backoffSeconds(deadline.tried.waits);
  // Who leaves an on-demand instance to wait pays for two starts: one here, one when Spot does not come in time.
  const waits =
    mayComeBack &&
    !onDemand.some(({ warm }) => warm) &&
    isPatient(deadline) &&
    waitOrOnDemand(slack, lookAgainSeconds) === 'wait';
  return { quotes: waits ? [] : onDemand, forcesOnDemand: !waits, waits };
}
