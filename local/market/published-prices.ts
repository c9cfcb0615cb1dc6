import { instanceTypes } from '../../functions/core/market/instance-types.ts';

export interface PublishedPrice {
  readonly instanceType: string;
  readonly spotUsdPerHour: number;
  readonly source: string;
}

/**
 * Spot prices, Linux, us-east-1, as people wrote them down in public repositories in 2026: the source is quoted. They are
 * where the synthetic walk of `walk.ts` begins, not today's prices: `prices: 'live'` reads those.
 */
export const PUBLISHED_PRICES: readonly PublishedPrice[] = [
  { instanceType: 'g4dn.xlarge', spotUsdPerHour: 0.16, source: '"g4dn.xlarge spot ($0.16/hr)"; "~$0.15-0.25/hr"' },
  { instanceType: 'g5.xlarge', spotUsdPerHour: 0.36, source: '"~$0.18 per idle period" of 30 min on g5.xlarge spot' },
  {
    instanceType: 'g6.xlarge',
    spotUsdPerHour: 0.38,
    source: '"g6.xlarge spot (~$0.38/hr, us-east-1) per live price check"',
  },
  { instanceType: 'g6e.xlarge', spotUsdPerHour: 0.63, source: '"g6e.xlarge spot 0.63 $/h"; "40 min $0.43"' },
  { instanceType: 'g7e.2xlarge', spotUsdPerHour: 1.35, source: '"AWS g7e.2xlarge ($1.35/hr spot, RTX Pro 6000)"' },
];

export const INSTANCE_TYPES: readonly string[] = PUBLISHED_PRICES.map((row) => row.instanceType);

/** What Spot never costs more than. */
export function onDemandUsdPerHour(instanceType: string): number {
  const type = instanceTypes.find(({ name }) => name === instanceType);
  if (!type)
    throw new Error(
      `Expected an instance type of \`functions/core/market/instance-types.ts\`, got \`${instanceType}\`.`,
    );
  return type.onDemandUsdPerHour;
}
