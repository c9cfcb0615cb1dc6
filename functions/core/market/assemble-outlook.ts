import { NoEligiblePool } from '../errors.ts';
import type { LearnedSpeed, PoolRecord } from '../learn/learned.ts';
import type { HeldSlots } from '../slots/slot-request.ts';
import type { ClosedPool } from './closed-pool.ts';
import { type Answer, gap } from './gap.ts';
import { type InstanceFact, mergeFacts } from './instance-facts.ts';
import { findInstanceType } from './instance-types.ts';
import type { OnDemandPrice, Outlook, PlacementScore, SpotPrice } from './outlook.ts';
import { type QuotaAnswers, type QuotaOfMarket, toQuotaRoom } from './quota-room.ts';
import { advisorBands } from './spot-advisor.ts';

/** What each source answered. */
export interface OutlookAnswers {
  readonly spot: Answer<readonly SpotPrice[]>;
  readonly onDemand: Answer<readonly OnDemandPrice[]>;
  readonly facts: Answer<readonly InstanceFact[]>;
  readonly learned: Answer<{ readonly speeds: readonly LearnedSpeed[]; readonly records: readonly PoolRecord[] }>;
  readonly closed: Answer<readonly ClosedPool[]>;
  readonly slots: Answer<HeldSlots>;
  readonly quotas: readonly (QuotaOfMarket & QuotaAnswers)[];
  /** Absent: not wanted. */
  readonly scores?: Answer<readonly PlacementScore[]>;
}

/** A part of the outlook, and a sentence for each thing that it lacks. */
interface Part<T> {
  readonly value: T;
  readonly gaps: readonly string[];
}

const byText = <T>(rows: readonly T[], toText: (row: T) => string): readonly T[] =>
  rows.toSorted((a, b) => Number(toText(a) > toText(b)) - Number(toText(a) < toText(b)));

const answered = <T>(answer: Answer<T> | undefined, otherwise: T): T =>
  answer && answer.problem === undefined ? answer.value : otherwise;

function readOr<T>(what: string, answer: Answer<T> | undefined, otherwise: T): Part<T> {
  const problem = answer?.problem;
  return { value: answered(answer, otherwise), gaps: problem === undefined ? [] : [gap.unread(what, problem)] };
}

function toSpotPrices(names: readonly string[], answer: OutlookAnswers['spot']): Part<readonly SpotPrice[]> {
  const { value, gaps } = readOr('Spot prices', answer, []);
  const without = names.filter((name) => !value.some((price) => price.instanceType === name));
  return { value, gaps: gaps.length || !without.length ? gaps : [gap.noSpotPrice(without)] };
}

/** Of our table; types that it does not know are left out. */
export const listedPrices = (names: readonly string[]) =>
  names.flatMap((instanceType): OnDemandPrice[] => {
    const usdPerHour = findInstanceType(instanceType)?.onDemandUsdPerHour;
    return usdPerHour === undefined ? [] : [{ instanceType, usdPerHour }];
  });

/** AWS's own price, else that of our table. */
function toOnDemandPrices(
  names: readonly string[],
  answer: OutlookAnswers['onDemand'],
): Part<readonly OnDemandPrice[]> {
  const read = answered(answer, []);
  const without = names.filter((name) => !read.some((price) => price.instanceType === name));
  const listed = listedPrices(without);
  const unknown = without.filter((name) => !findInstanceType(name));
  const fromTable = listed.map((price) => price.instanceType);
  return {
    value: [...read, ...listed],
    gaps: [
      ...(fromTable.length ? [gap.listedPrice(fromTable, answer.problem)] : []),
      ...(unknown.length ? [gap.noPrice(unknown)] : []),
    ],
  };
}

function toTypes(names: readonly string[], answer: OutlookAnswers['facts']): Part<Outlook['types']> {
  const facts = answered(answer, []);
  const without = names.filter((name) => !facts.some((fact) => fact.name === name));
  const listed = without.filter(findInstanceType);
  const unknown = without.filter((name) => !findInstanceType(name));
  return {
    value: mergeFacts(names, facts),
    gaps: [
      ...(listed.length ? [gap.listedType(listed, answer.problem)] : []),
      ...(unknown.length ? [gap.noType(unknown, answer.problem)] : []),
    ],
  };
}

function toAdvisor(names: readonly string[], region: string): Part<Outlook['advisor']> {
  const value = advisorBands(region, names);
  return { value, gaps: value.length ? [] : [gap.noAdvisor(region)] };
}

/** The same outlook for the same answers, in whatever order they come. Only without any price there is no choice. */
export function assembleOutlook(names: readonly string[], region: string, answers: OutlookAnswers): Outlook {
  const types = toTypes(names, answers.facts);
  const spot = toSpotPrices(names, answers.spot);
  const onDemand = toOnDemandPrices(names, answers.onDemand);
  const advisor = toAdvisor(names, region);
  const learned = readOr('What was learned of speeds and pools', answers.learned, { speeds: [], records: [] });
  const closed = readOr('Pools that are closed for all jobs', answers.closed, []);
  const slots = readOr<HeldSlots | undefined>('Slots of the quotas', answers.slots, undefined);
  const rooms = answers.quotas.map((quota) => toQuotaRoom(quota.quota, quota, slots.value?.vcpus));
  const scores = readOr('Placement scores', answers.scores, []);
  const gaps = [spot, onDemand, types, advisor, learned, closed, slots, ...rooms, scores].flatMap((part) => part.gaps);
  if (!spot.value.length && !onDemand.value.length) {
    throw new NoEligiblePool(
      `Expected a Spot or an on-demand price of ${names.join(', ')}, got none. ${gaps.join(' ')} ` +
        'To fix: allow `ec2:DescribeSpotPriceHistory` and `pricing:GetProducts`, or choose types that this region offers.',
    );
  }
  return {
    types: byText(types.value, (type) => type.name),
    spotPrices: byText(spot.value, (price) => `${price.instanceType} ${price.azId}`),
    onDemandPrices: byText(onDemand.value, (price) => price.instanceType),
    speeds: byText(learned.value.speeds, (speed) => `${speed.model} ${speed.size} ${speed.instanceType}`),
    records: byText(learned.value.records, (record) => record.pool),
    advisor: byText(advisor.value, (band) => band.instanceType),
    quotas: byText(
      rooms.map((room) => room.value),
      (room) => room.code,
    ),
    idle: byText(slots.value?.idle ?? [], (idle) => `${idle.pool} ${idle.secondsLeft}`),
    closedForAll: byText(closed.value, (pool) => pool.pool),
    scores: byText(scores.value, (score) => score.azId),
    gaps,
  };
}
