import { readFlags } from './flags.ts';
import { measurePicks, type PickFigures } from './pick/measure.ts';
import { types } from './pick/reference-pools.ts';
import { readOnDemandPrices, readSpotPrices } from './replay/prices.ts';

const jobs = [10, 500, 20_000];

/** Hourly decisions over recorded prices: what each way to pick a pool costs, over who knew the prices to come. */
export async function benchPick(args: readonly string[]): Promise<Readonly<Record<string, readonly PickFigures[]>>> {
  const flags = readFlags(args, ['prices', 'ondemand', 'seed']);
  const names = types.map(({ name }) => name);
  const series = readSpotPrices(flags.needed('prices'), names);
  const onDemandOf = readOnDemandPrices(flags.needed('ondemand'));
  const regions = [...new Set(series.map(({ region }) => region))].toSorted();
  const measure = (wanted: readonly string[]) => {
    const onDemandPrices = names.flatMap((instanceType) => {
      const prices = wanted.flatMap((region) => onDemandOf(region, instanceType) ?? []);
      return prices.length ? [{ instanceType, usdPerHour: Math.min(...prices), source: 'table' as const }] : [];
    });
    const market = { series: series.filter(({ region }) => wanted.includes(region)), onDemandPrices };
    return jobs.map((images) => measurePicks(market, images, flags.number('seed', 3)));
  };
  const sets = Object.fromEntries(regions.map((region) => [region, measure([region])]));
  return regions.length > 1 ? { ...sets, all: measure(regions) } : sets;
}
