import { findInstanceType, type ListedType } from '../../functions/core/market/instance-types.ts';
import { findSpeed } from '../../functions/core/pick/speed.ts';
import { BadRecording } from './bad-recording.ts';
import { epoch } from './installation.ts';
import { onDemand } from './policy.ts';
import { type PriceSteps, priceAt, readSpotPrices } from './prices.ts';
import { flatPrices, onDemandOverSpot } from './recorded-market.ts';
import { v100, v100ImagesPerSecond, workOf } from './reference.ts';
import type { ReplayOptions } from './replay.ts';
import { syntheticPrices, syntheticTraces } from './synthetic.ts';
import { readTraces, type Traces } from './traces.ts';

/** Whose market is replayed, and in words what of it was recorded. */
export interface UserMarket extends Pick<ReplayOptions, 'type' | 'imagesPerSecond' | 'usdPerHour'> {
  readonly traces: Traces;
  readonly what: string;
}

function listed(name: string): ListedType {
  const type = findInstanceType(name);
  if (type) return type;
  throw new BadRecording(`Expected an instance type of our table, got \`${name}\`.`);
}

function overPrices(
  series: readonly PriceSteps[],
  name: string,
  of: { seed: number; from: number; what: string },
): UserMarket {
  const type = listed(name);
  const speed = findSpeed(workOf(1), type, { speeds: [], types: [type] });
  const traces = syntheticTraces(
    series.map(({ azId, region }) => ({ name: azId, region })),
    of.seed,
  );
  const stepsOf = new Map(series.map((steps) => [steps.azId, steps]));
  return {
    type,
    imagesPerSecond: 1 / (speed?.secondsPerImage ?? Number.NaN),
    traces,
    what: of.what,
    usdPerHour: (place, tick) => {
      if (place === onDemand) return type.onDemandUsdPerHour;
      const steps = stepsOf.get(place);
      return steps && priceAt(steps, of.from + tick * traces.gapSeconds * 1000);
    },
  };
}

/** Recorded availability, or recorded prices under made-up availability, or the local market under the same. */
export function userMarket(of: {
  availability?: string;
  prices?: string;
  instanceType: string;
  seed: number;
}): UserMarket {
  const { availability, prices, instanceType, seed } = of;
  if (availability !== undefined) {
    const what = `recorded availability, one price (on-demand is ${onDemandOverSpot} x Spot)`;
    return {
      type: v100,
      imagesPerSecond: v100ImagesPerSecond,
      traces: readTraces(availability),
      what,
      usdPerHour: flatPrices,
    };
  }
  if (prices === undefined) {
    const what = 'SYNTHETIC prices and availability (--availability DIR or --prices FILE for recorded ones)';
    return overPrices(syntheticPrices(instanceType, seed), instanceType, { seed, from: epoch, what });
  }
  const series = readSpotPrices(prices, [instanceType]);
  if (!series.length) throw new BadRecording(`Expected prices of \`${instanceType}\` in \`${prices}\`, got none.`);
  const from = Math.max(...series.map(({ times }) => times[0] ?? 0));
  return overPrices(series, instanceType, { seed, from, what: 'recorded prices under SYNTHETIC availability' });
}
