import type { Tried } from '../shard/attempt.ts';
import { backoffSeconds, fewEvents } from '../shard/next-step.ts';
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
}

export interface Kept {
  /** The pools that may be taken now, best first. */
  readonly quotes: readonly Quote[];
  /** Spot would come too late, whatever else speaks against it. */
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

/** With Spot: once its job has few events left, a shard that may go on demand does not ask for it again. */
const isPatient = ({ tried: { waits, counts } }: Deadline) =>
  !counts[fewEvents] && waits < mostWaits && (counts.NoSpotCapacity ?? 0) < mostRefusals - refusalsLeft;

const bySpeed = (a: Quote, b: Quote) => a.seconds - b.seconds;

/** `onDemand: fallback` with `readyBy`: Spot while the slack lasts, a wait for Spot while that leaves enough, then on demand. */
export function keepDeadline({ quotes, rejected }: Ranking, deadline: Deadline): Kept {
  const [spot] = quotes.filter(({ pool }) => pool.market === 'spot');
  const onDemand = quotes.filter(({ pool }) => pool.market === 'on-demand');
  const [fastest] = onDemand.toSorted(bySpeed);
  if (!fastest) return { quotes, forcesOnDemand: false, waits: false };
  const slack = toSlack(deadline, fastest, spot ?? fastest);
  if (spot) {
    const inTime = maySpot(slack);
    return { quotes: isPatient(deadline) && inTime ? quotes : onDemand, forcesOnDemand: !inTime, waits: false };
  }
  const mayComeBack = rejected.some((pool) => isSoft(pool) && pool.id.endsWith('/spot'));
  const inTime = waitOrOnDemand(slack, backoffSeconds(deadline.tried.waits)) === 'wait';
  // Who leaves an on-demand instance to wait pays for two starts: one here, one when Spot does not come in time.
  const waits = mayComeBack && !onDemand.some(({ warm }) => warm) && isPatient(deadline) && inTime;
  return { quotes: waits ? [] : onDemand, forcesOnDemand: !inTime, waits };
}
