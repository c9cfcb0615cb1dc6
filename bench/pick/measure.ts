import { poolId } from '../../functions/core/market/pools.ts';
import type { Quote } from '../../functions/core/pick/quote.ts';
import { rankPools } from '../../functions/core/pick/rank-pools.ts';
import type { Work } from '../../functions/core/pick/work.ts';
import { sum } from '../numbers.ts';
import { makeRandom } from '../replay/random.ts';
import { workOf } from '../replay/reference.ts';
import { billedUsd } from './hindsight.ts';
import { decisionHours, outlookAt, type PickMarket } from './market.ts';

export interface PolicyFigures {
  readonly usdPer1000: number;
  /** Cost over the cost of who knew the prices to come. */
  readonly regret: number;
}

export interface PickFigures {
  readonly images: number;
  readonly hours: number;
  readonly policies: Readonly<Record<string, PolicyFigures>>;
  /** Of all recorded days the worst: ours over the cheapest $/hour. */
  readonly worstDayOverCheapestHour: number;
  readonly oracleUsdPer1000: number;
}

/** About how old a price is where prices are read every seven hours. */
const staleMs = 7 * 3_600_000;
const dayMs = 86_400_000;

/** Ranks as the product does; the same prices give the same answer, so that an hour without a change is looked up. */
function makeRanker(market: PickMarket, work: Work) {
  const pools = market.series.map(({ azId, instanceType }) => ({ azId, instanceType, market: 'spot' as const }));
  const known = new Map<string, readonly Quote[]>();
  return (time: number): readonly Quote[] => {
    const outlook = outlookAt(market, time);
    const key = outlook.spotPrices
      .map(({ azId, instanceType, usdPerHour }) => `${azId}${instanceType}${usdPerHour}`)
      .join();
    const quotes = known.get(key) ?? rankPools(work, pools, outlook, { onDemand: 'never' }).quotes;
    known.set(key, quotes);
    return quotes;
  };
}

type Costs = ReadonlyMap<string, number>;

const significant = (value: number, digits = 5) => Number(value.toPrecision(digits));

const cheapestHour = (quotes: readonly Quote[]) =>
  quotes.toSorted((a, b) => a.usdPerHour - b.usdPerHour || (a.id < b.id ? -1 : 1))[0]?.id;

/** The pool of the lowest sum among those that were offered at every hour: known afterwards only. */
function staticBest(hours: readonly Costs[]): string | undefined {
  const always = [...(hours[0]?.keys() ?? [])].filter((id) => hours.every((costs) => costs.has(id)));
  return always
    .map((id) => ({ id, usd: sum(hours.map((costs) => costs.get(id) ?? 0)) }))
    .toSorted((a, b) => a.usd - b.usd)[0]?.id;
}

function worstDay(times: readonly number[], ours: readonly number[], other: readonly number[]): number {
  const days = Map.groupBy(times.keys(), (index) => Math.floor((times[index] ?? 0) / dayMs));
  const ratios = [...days.values()].map(
    (hours) => sum(hours.map((hour) => ours[hour] ?? 0)) / sum(hours.map((hour) => other[hour] ?? 0)),
  );
  return Math.max(...ratios);
}

/** One decision an hour over the whole recording, each for a job of this many images. */
export function measurePicks(market: PickMarket, images: number, seed: number): PickFigures {
  const work = workOf(images);
  const rank = makeRanker(market, work);
  const random = makeRandom(seed);
  const seriesOf = new Map(market.series.map((steps) => [poolId({ ...steps, market: 'spot' }), steps]));
  const times = decisionHours(market, staleMs).filter((time) => rank(time).length > 0);
  const costs = times.map((time): Costs => {
    const billed = rank(time).flatMap((quote) => {
      const steps = seriesOf.get(quote.id);
      const usd = steps && billedUsd(quote, images, steps, time);
      return usd === undefined ? [] : [[quote.id, usd] as const];
    });
    return new Map(billed);
  });
  const best = staticBest(costs);
  const picks: Readonly<Record<string, (hour: number, time: number) => string | undefined>> = {
    ours: (_, time) => rank(time)[0]?.id,
    'cheapest hour': (_, time) => cheapestHour(rank(time)),
    'static best pool': () => best,
    random: (hour) => [...(costs[hour]?.keys() ?? [])][Math.floor(random() * (costs[hour]?.size ?? 0))],
    // A pool that is gone by now is not there to be picked: the next one of the old ranking.
    stale: (hour, time) => rank(time - staleMs).find(({ id }) => costs[hour]?.has(id))?.id,
  };
  const oracle = sum(costs.map((hour) => Math.min(...hour.values())));
  const paid = Object.entries(picks).map(([name, pick]) => {
    const each = times.map((time, hour) => costs[hour]?.get(pick(hour, time) ?? '') ?? Number.NaN);
    return { name, each, usd: sum(each) };
  });
  const per1000 = (usd: number) => significant((usd / times.length / images) * 1000);
  const eachOf = (name: string) => paid.find((policy) => policy.name === name)?.each ?? [];
  return {
    images,
    hours: times.length,
    policies: Object.fromEntries(
      paid.map(({ name, usd }) => [name, { usdPer1000: per1000(usd), regret: significant(usd / oracle) }]),
    ),
    worstDayOverCheapestHour: significant(worstDay(times, eachOf('ours'), eachOf('cheapest hour'))),
    oracleUsdPer1000: per1000(oracle),
  };
}
