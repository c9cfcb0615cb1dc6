import {
  type Decider,
  keep,
  type Move,
  onDemand,
  type Place,
  type Policy,
  type Situation,
  slackOf,
  start,
  type Terms,
  wait,
} from './policy.ts';
import { makeRandom, shuffle } from './random.ts';

/** Picks a zone that grants an instance, or none. `lost`: the zone that was lost last. */
type ChooseZone = (situation: Situation, lost: Place | undefined) => Place | undefined;

/** Two changeovers as in "Can't Be Late": one that Spot may waste, one for on-demand; and no less than a tick can take. */
export const safetySeconds = ({ changeoverSeconds, gapSeconds }: Terms) =>
  Math.max(2 * changeoverSeconds, changeoverSeconds + gapSeconds);

/** Spot whenever it can be had; once the slack is gone, on-demand until the end. Every baseline keeps its deadline so. */
function greedy(name: string, terms: Terms, makeChoose: (job: number) => ChooseZone): Policy {
  const startJob = (job: number): Decider => {
    const choose = makeChoose(job);
    let lost: Place | undefined;
    return {
      decide(situation): Move {
        lost = situation.lost ?? lost;
        if (situation.running !== undefined) return keep;
        if (slackOf(situation) < safetySeconds(terms)) return start(onDemand);
        const place = choose(situation, lost);
        return place === undefined ? wait : start(place);
      },
    };
  };
  return { name, startJob };
}

const firstGranted = (situation: Situation, places: readonly Place[]) => places.find((place) => situation.ask(place));

const names = (terms: Terms) => terms.zones.map(({ name }) => name);

const byPrice = (situation: Situation, places: readonly Place[]) =>
  places.toSorted((a, b) => (situation.usdPerHour(a) ?? Infinity) - (situation.usdPerHour(b) ?? Infinity));

/** What a retry of AWS Batch does: the job stays in the queue that it was sent to, whatever happens there. */
export const retryInPlace = (terms: Terms, seed: number): Policy =>
  greedy('retry in place', terms, (job) => {
    const order = shuffle(names(terms), makeRandom(seed * 1000 + job));
    let place: Place | undefined;
    return (situation) => {
      place ??= firstGranted(situation, byPrice(situation, order)) ?? order[0];
      return place !== undefined && situation.ask(place) ? place : undefined;
    };
  });

export const randomZone = (terms: Terms, seed: number): Policy =>
  greedy('random zone', terms, (job) => {
    const random = makeRandom(seed * 1000 + job);
    return (situation) => firstGranted(situation, shuffle(names(terms), random));
  });

/** No memory: always from the cheapest hour on; among equals by name. */
export const cheapestHour = (terms: Terms): Policy =>
  greedy('cheapest hour', terms, () => (situation) => firstGranted(situation, byPrice(situation, names(terms))));

/** The zone that was up the longest over the whole recording: known afterwards only. */
export const staticBest = (terms: Terms, best: Place): Policy =>
  greedy('static best pool', terms, () => (situation) => (situation.ask(best) ? best : undefined));

/**
 * SkyPilot's EAGER_NEXT_REGION: after a loss every other region first, by price, and the region that was lost last of
 * all; inside a region zone after zone.
 */
export const eagerNextRegion = (terms: Terms): Policy =>
  greedy('eager next region', terms, () => (situation, lost) => {
    const lostRegion = terms.zones.find(({ name }) => name === lost)?.region;
    const byRegion = byPrice(situation, names(terms)).toSorted((a, b) => rank(a) - rank(b));
    function rank(place: Place): number {
      return terms.zones.find(({ name }) => name === place)?.region === lostRegion ? 1 : 0;
    }
    return firstGranted(situation, byRegion);
  });

export const onDemandOnly = (): Policy => ({
  name: 'on-demand only',
  startJob: () => ({ decide: ({ running }) => (running === undefined ? start(onDemand) : keep) }),
});
