import { type PricingClient, paginateGetProducts } from '@aws-sdk/client-pricing';
import type { OnDemandPrice } from '../core/market/outlook.ts';
import type { OnDemandMarket } from '../core/market/ports.ts';
import { readUsd } from '../core/usd.ts';

/** What distinguishes a plain Linux instance among the hundreds of products of a type. */
const plain = { operatingSystem: 'Linux', tenancy: 'Shared', preInstalledSw: 'NA', capacitystatus: 'Used' };

const field = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);
const values = (value: unknown): readonly unknown[] => Object.values(Object(value));

/** A product is JSON in a string; one that names no type or no hourly price above zero is none. */
function toPrice(product: unknown): readonly OnDemandPrice[] {
  const parsed = parse(String(product));
  const instanceType = field(field(field(parsed, 'product'), 'attributes'), 'instanceType');
  const dimensions = values(field(field(parsed, 'terms'), 'OnDemand')).flatMap((term) =>
    values(field(term, 'priceDimensions')),
  );
  const hourly = dimensions.filter((dimension) => field(dimension, 'unit') === 'Hrs');
  const prices = hourly.flatMap((dimension) => readUsd(field(field(dimension, 'pricePerUnit'), 'USD')) ?? []);
  if (typeof instanceType !== 'string' || !prices.length) return [];
  return [{ instanceType, usdPerHour: Math.max(...prices) }];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where AWS lists a type twice, the dearer: what it may cost. */
function keepDearest(prices: readonly OnDemandPrice[]): readonly OnDemandPrice[] {
  const dearest = new Map<string, OnDemandPrice>();
  for (const price of prices.toSorted((a, b) => a.usdPerHour - b.usdPerHour)) dearest.set(price.instanceType, price);
  return [...dearest.values()];
}

/** The Price List API, which has endpoints in three regions and tells of all. */
export function makePricingOnDemand(client: PricingClient, region: string): OnDemandMarket {
  return {
    currentPrices: async (instanceTypes) => {
      const equals = Object.entries({ ...plain, regionCode: region }).map(([Field, Value]) => ({
        Type: 'TERM_MATCH' as const,
        Field,
        Value,
      }));
      const Filters = [...equals, { Type: 'ANY_OF' as const, Field: 'instanceType', Value: instanceTypes.join(',') }];
      const found: OnDemandPrice[] = [];
      for await (const page of paginateGetProducts({ client }, { ServiceCode: 'AmazonEC2', Filters })) {
        found.push(...[...(page.PriceList ?? [])].flatMap(toPrice));
      }
      return keepDearest(found).filter((price) => instanceTypes.includes(price.instanceType));
    },
  };
}
