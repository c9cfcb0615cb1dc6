import type { SpotPrice } from '../../functions/core/market/outlook.ts';
import { emptyOutlook, type OnDemandPrice, type Outlook } from '../../functions/core/market/outlook.ts';
import { type PriceSteps, priceAt } from '../replay/prices.ts';
import { speeds, types } from './reference-pools.ts';

const hourMs = 3_600_000;
/** Jobs that would outlive the recording are left out: 20,000 images take a T4 41 hours. */
const tailMs = 48 * hourMs;

/** Pools of a region, or of all, with what is recorded of them. */
export interface PickMarket {
  readonly series: readonly PriceSteps[];
  /** On demand in the cheapest region. */
  readonly onDemandPrices: readonly OnDemandPrice[];
}

/**
 * Every hour that has a price at least `staleMs` before it and a recorded future in each region.
 */
export function decisionHours({ series }: PickMarket, staleMs: number): readonly number[] {
  const first = Math.min(...series.map(({ times }) => times[0] ?? Number.POSITIVE_INFINITY)) + staleMs;
  const last = Math.min(...series.map(({ recordedUntil }) => recordedUntil)) - tailMs;
  const start = Math.ceil(first / hourMs) * hourMs;
  return Array.from(
    { length: Math.max(0, Math.floor((last - start) / hourMs) + 1) },
    (_, hour) => start + hour * hourMs,
  );
}

export function pricesAt({ series }: PickMarket, time: number): readonly SpotPrice[] {
  return series.flatMap((steps) => {
    const usdPerHour = priceAt(steps, time);
    return usdPerHour === undefined ? [] : [{ azId: steps.azId, instanceType: steps.instanceType, usdPerHour }];
  });
}

/** What is known at `time`: the prices of that moment and the speeds; no record, no band: every pool is as likely lost. */
export function outlookAt(market: PickMarket, time: number): Outlook {
  return {
    ...emptyOutlook,
    types,
    spotPrices: pricesAt(market, time),
    onDemandPrices: market.onDemandPrices,
    speeds,
  };
}
