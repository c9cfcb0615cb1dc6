import { instanceTypes, type ListedType, pricesAsOf } from '../../functions/core/market/instance-types.ts';
import { type Endpoint, toJsonError, toJsonReply } from '../address/wire.ts';
import { REGION } from '../names.ts';

interface Filter {
  readonly Type?: string;
  readonly Field?: string;
  readonly Value?: string;
}

/** The Price List API, with the on-demand prices of our table as products of Linux. */
export const servePricing: Endpoint = async ({ headers, body }) => {
  const action = String(headers['x-amz-target']).split('.').at(-1);
  if (action !== 'GetProducts') {
    return toJsonError(400, 'UnknownOperationException', `Expected GetProducts, got ${action}.`);
  }
  const filters: readonly Filter[] = JSON.parse(body.toString() || '{}').Filters ?? [];
  const products = instanceTypes.map(toProduct).filter(({ product }) => isWanted(product.attributes, filters));
  return toJsonReply({ FormatVersion: 'aws_v1', PriceList: products.map((product) => JSON.stringify(product)) });
};

function toProduct({ name, onDemandUsdPerHour }: ListedType) {
  const attributes: Readonly<Record<string, string>> = {
    instanceType: name,
    regionCode: REGION,
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    preInstalledSw: 'NA',
    capacitystatus: 'Used',
  };
  const dimension = { unit: 'Hrs', pricePerUnit: { USD: onDemandUsdPerHour.toFixed(10) } };
  const term = { effectiveDate: `${pricesAsOf}-01T00:00:00Z`, priceDimensions: { [`${name}.hour`]: dimension } };
  return { product: { productFamily: 'Compute Instance', attributes }, terms: { OnDemand: { [name]: term } } };
}

function isWanted(attributes: Readonly<Record<string, string>>, filters: readonly Filter[]): boolean {
  return filters.every(({ Type, Field = '', Value = '' }) => {
    const values = Type === 'ANY_OF' ? Value.split(',') : [Value];
    return values.includes(attributes[Field] ?? '');
  });
}
