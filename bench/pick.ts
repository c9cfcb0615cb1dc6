import { readFlags } from './flags.ts';
import type { PickMarket } from './pick/market.ts';
import { measurePicks, type PickFigures } from './pick/measure.ts';
import { reference, types } from './pick/reference-pools.ts';
import { readOnDemandPrices, readSpotPrices } from './replay/prices.ts';

export interface PickBench {
  readonly terms: {
    /** First and last month of the recording. */
    readonly from: string;
    readonly until: string;
    /** Images per second, by instance type. */
    readonly speeds: Readonly<Record<string, number>>;
  };
  readonly sets: Readonly<Record<string, readonly PickFigures[]>>;
}

const jobs = [10, 500, 20_000];

function describe({ series }: Pick<PickMarket, 'series'>): PickBench['terms'] {
  const month = (times: readonly number[], of: (...times: readonly number[]) => number) =>
    new Date(of(...times)).toISOString().slice(0, 7);
  return {
    from: month(
      series.map(({ times }) => times[0] ?? Number.NaN),
      Math.min,
    ),
    until: month(
      series.map(({ recordedUntil }) => recordedUntil),
      Math.max,
    ),
    speeds: Object.fromEntries(reference.map(({ name, imagesPerSecond }) => [name, imagesPerSecond])),
  };
}

/** Hourly decisions over recorded prices: what each way to pick a pool costs, over who knew the prices to come. */
export async function benchPick(args: readonly string[]): Promise<PickBench> {
  const flags = readFlags(args, ['prices', 'ondemand', 'seed']);
  const names = types.map(({ name }) => name);
  const series = readSpotPrices(flags.needed('prices'), names);
  const onDemandOf = readOnDemandPrices(flags.needed('ondemand'));
  const regions = [...new Set(series.map(({ region }) => region))].toSorted();
  const measure = (wanted: readonly string[]) => {
    const onDemandPrices = names.flatMap((instanceType) => {
      const prices = wanted.flatMap((region) => onDemandOf(region, instanceType) ?? []);
      return prices.length ? [{ instanceType, usdPerHour: Math.min(...prices) }] : [];
    });
    const market = { series: series.filter(({ region }) => wanted.includes(region)), onDemandPrices };
    return jobs.map((images) => measurePicks(market, images, flags.number('seed', 3)));
  };
  const sets = Object.fromEntries(regions.map((region) => [region, measure([region])]));
  return { terms: describe({ series }), sets: regions.length > 1 ? { ...sets, all: measure(regions) } : sets };
}
