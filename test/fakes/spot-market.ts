import type { SpotPrice } from '../../functions/core/market/outlook.ts';
import type { SpotMarket } from '../../functions/core/market/ports.ts';

/** Answers for the types that are asked for, as EC2 does. */
export function makeFakeMarket(prices: readonly SpotPrice[]): SpotMarket {
  return {
    currentPrices: async (instanceTypes) => {
      if (!instanceTypes.length) throw new TypeError('Expected instance types: EC2 answers for all when none is named');
      return prices.filter((price) => instanceTypes.includes(price.instanceType));
    },
  };
}
