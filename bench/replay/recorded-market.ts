import { BadRecording } from './bad-recording.ts';
import { epoch } from './installation.ts';
import { onDemand, type Place } from './policy.ts';
import { type PriceSteps, priceAt, readOnDemandPrices, readSpotPrices } from './prices.ts';
import { v100 } from './reference.ts';
import type { Traces, Zone } from './traces.ts';

/** Of p3.2xlarge, us-east-1, Linux; and what Spot was below it on the mean of the recorded months. */
const onDemandUsdPerHour = 3.06;
export const onDemandOverSpot = 2.78;

type UsdPerHour = (place: Place, tick: number) => number | undefined;

/** The same price everywhere and always, in the recorded proportion to on-demand. */
export const flatPrices: UsdPerHour = (place) =>
  place === onDemand ? onDemandUsdPerHour : onDemandUsdPerHour / onDemandOverSpot;

/** The letters of the availabilities are those of one account, the ids of the prices are AWS's: paired in their order. */
function pair(zones: readonly Zone[], series: readonly PriceSteps[]): ReadonlyMap<Place, PriceSteps> {
  const ordered = (region: string) =>
    series.filter((steps) => steps.region === region).toSorted((a, b) => (a.azId < b.azId ? -1 : 1));
  const pairs = [...Map.groupBy(zones, ({ region }) => region)].flatMap(([region, own]) => {
    const prices = ordered(region);
    if (!prices.length) throw new BadRecording(`Expected prices of \`${v100.name}\` in \`${region}\`, got none.`);
    return own.flatMap(({ name }, index) => {
      const steps = prices[index % prices.length];
      return steps ? [[name, steps] as const] : [];
    });
  });
  return new Map(pairs);
}

/** Recorded prices under recorded availabilities; on-demand of the first region, or its list price. */
export function recordedPrices(traces: Traces, pricesFile: string, onDemandFile: string | undefined): UsdPerHour {
  const steps = pair(traces.zones, readSpotPrices(pricesFile, [v100.name]));
  const region = traces.zones[0]?.region ?? '';
  const listed = onDemandFile === undefined ? undefined : readOnDemandPrices(onDemandFile)(region, v100.name);
  return (place, tick) => {
    if (place === onDemand) return listed ?? onDemandUsdPerHour;
    const own = steps.get(place);
    return own && priceAt(own, epoch + tick * traces.gapSeconds * 1000);
  };
}
