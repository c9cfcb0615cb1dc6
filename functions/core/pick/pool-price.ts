import type { Outlook } from '../market/outlook.ts';
import type { Pool } from '../market/pools.ts';

/** A price of a stranger: NaN, a string or nothing at all is none. */
const isPrice = (usd: number) => Number.isFinite(usd) && usd > 0;

/** The dearest of those that are prices: of two rows of one pool, and of the zones where AWS chooses one. */
function dearest(rows: readonly { readonly usdPerHour: number }[]): number | undefined {
  const prices = rows.map((row) => row.usdPerHour).filter(isPrice);
  return prices.length ? Math.max(...prices) : undefined;
}

/** USD per hour of the type on demand. */
export const onDemandPriceOf = ({ onDemandPrices }: Outlook, instanceType: string) =>
  dearest(onDemandPrices.filter((price) => price.instanceType === instanceType));

/** USD per hour; undefined: not offered there, or not known. */
export function priceOf({ azId, instanceType, market }: Pool, outlook: Outlook): number | undefined {
  if (market === 'on-demand') return onDemandPriceOf(outlook, instanceType);
  return dearest(
    outlook.spotPrices.filter(
      (price) => price.instanceType === instanceType && (azId === 'any' || price.azId === azId),
    ),
  );
}
