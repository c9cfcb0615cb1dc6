import type { InstanceType } from '../../functions/core/market/instance-types.ts';
import { cheapestHour, eagerNextRegion, onDemandOnly, randomZone, retryInPlace, staticBest } from './baselines.ts';
import { lowerBound } from './bound.ts';
import { foresight } from './foresight.ts';
import { ours, oursWithoutLedger } from './ours.ts';
import { onDemand, type Place, type Policy, type Terms } from './policy.ts';
import { makeRandom } from './random.ts';
import { measurePolicy, type ReplayFigures } from './report.ts';
import { setsOf, type Traces, type Zone } from './traces.ts';
import { uniformProgress } from './uniform-progress.ts';

export interface ReplayOptions {
  readonly hours: number;
  readonly deadlineHours: number;
  readonly changeoverMinutes: number;
  /** Jobs, each from a tick of its own. */
  readonly starts: number;
  readonly seed: number;
  readonly type: InstanceType;
  readonly imagesPerSecond: number;
  usdPerHour(place: Place, tick: number): number | undefined;
  /** Also what somebody who knows the future would pay, changeovers included: minutes of computing. */
  readonly foresight?: boolean;
}

export interface SetFigures {
  readonly zones: readonly string[];
  /** Nobody can beat it: the union of the zones, no changeover, on-demand for what is missing. USD of all jobs. */
  readonly optimalUsd: number;
  readonly optimalOverOnDemand: number;
  /** The optimum of those who pay for changeovers, over `optimalUsd`. */
  readonly foresightOverOptimal?: number;
  readonly policies: Readonly<Record<string, ReplayFigures>>;
}

const shareUp = ({ up }: Zone) => up.filter(Boolean).length / up.length;

function listPolicies(terms: Terms, zones: readonly Zone[], seed: number): readonly Policy[] {
  const best = zones.toSorted((a, b) => shareUp(b) - shareUp(a))[0]?.name ?? onDemand;
  return [
    ours(terms),
    oursWithoutLedger(terms),
    ours(terms, { name: 'ours, pools closed for 10 min', closedSeconds: 600 }),
    retryInPlace(terms, seed),
    randomZone(terms, seed),
    cheapestHour(terms),
    staticBest(terms, best),
    uniformProgress(terms, seed),
    eagerNextRegion(terms),
    onDemandOnly(),
  ];
}

/** Ticks at which a job can begin and still has its deadline within the recording. */
function drawStarts(
  { starts, seed, deadlineHours }: ReplayOptions,
  ticks: number,
  gapSeconds: number,
): readonly number[] {
  const room = ticks - Math.ceil((deadlineHours * 3600) / gapSeconds);
  if (room <= 0) {
    throw new TypeError(
      `Expected the recording to be longer than the deadline of ${deadlineHours} h, got ${(ticks * gapSeconds) / 3600} h.`,
    );
  }
  const random = makeRandom(seed);
  return Array.from({ length: starts }, () => Math.floor(random() * room));
}

function measureSet(zones: readonly Zone[], gapSeconds: number, options: ReplayOptions): SetFigures {
  const { hours, deadlineHours, changeoverMinutes, seed, type, imagesPerSecond } = options;
  const terms: Terms = {
    workSeconds: hours * 3600,
    deadlineSeconds: deadlineHours * 3600,
    changeoverSeconds: changeoverMinutes * 60,
    gapSeconds,
    zones,
    type,
    imagesPerSecond,
  };
  const market = { zones, usdPerHour: options.usdPerHour };
  const starts = drawStarts(options, zones[0]?.up.length ?? 0, gapSeconds);
  const sum = (usd: (tick: number) => number) => starts.reduce((total, tick) => total + usd(tick), 0);
  const optimalUsd = sum((tick) => lowerBound(tick, terms, market));
  const onDemandUsd = sum((tick) => (market.usdPerHour(onDemand, tick) ?? 0) * hours);
  const paid = options.foresight ? sum((tick) => foresight(tick, terms, market)) : undefined;
  const policies = listPolicies(terms, zones, seed).map((policy) => {
    return [policy.name, measurePolicy(policy, { starts, terms, market, optimalUsd })] as const;
  });
  return {
    zones: zones.map(({ name }) => name),
    optimalUsd: Number(optimalUsd.toFixed(2)),
    optimalOverOnDemand: Number((optimalUsd / onDemandUsd).toFixed(4)),
    ...(paid === undefined ? {} : { foresightOverOptimal: Number((paid / optimalUsd).toFixed(4)) }),
    policies: Object.fromEntries(policies),
  };
}

/** The same jobs by every policy, for each region alone and for all zones together. */
export function replay({ zones, gapSeconds }: Traces, options: ReplayOptions): Readonly<Record<string, SetFigures>> {
  const sets = Object.entries(setsOf(zones));
  return Object.fromEntries(sets.map(([name, set]) => [name, measureSet(set, gapSeconds, options)]));
}
