import { EC2Client } from '@aws-sdk/client-ec2';
import { PricingClient } from '@aws-sdk/client-pricing';
import { makeEc2PriceHistory } from '../../functions/adapters/ec2-spot-market.ts';
import { makePricingOnDemand } from '../../functions/adapters/pricing-on-demand.ts';
import { listedPrices } from '../../functions/core/market/assemble-outlook.ts';
import { describeProblem, gap } from '../../functions/core/market/gap.ts';
import { openPriceEndpoint } from '../../local/market/price-endpoint.ts';
import { DUMMY_CREDENTIALS, REGION } from '../../local/names.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { type Period, toPoolPrices } from './pool-prices.ts';
import type { Market } from './quote-pools.ts';

export interface ReadMarket extends Market {
  /** What could not be read, one sentence each. */
  readonly gaps: readonly string[];
}

interface Clients {
  readonly ec2: EC2Client;
  readonly pricing: PricingClient;
}

/** On-demand prices are there for comparison: where AWS tells none, those of the table. */
async function readOnDemand(client: PricingClient, region: string, instanceTypes: readonly string[]) {
  try {
    const onDemand = await makePricingOnDemand(client, region).currentPrices(instanceTypes);
    return { onDemand, gaps: [] };
  } catch (error) {
    return { onDemand: listedPrices(instanceTypes), gaps: [gap.listedPrice(instanceTypes, describeProblem(error))] };
  }
}

async function readWith(
  { ec2, pricing }: Clients,
  instanceTypes: readonly string[],
  period: Period,
): Promise<ReadMarket> {
  const region = await ec2.config.region();
  const [changes, { onDemand, gaps }] = await Promise.all([
    makeEc2PriceHistory(ec2).changes(instanceTypes, new Date(period.from)),
    readOnDemand(pricing, region, instanceTypes),
  ]);
  return { region, spot: toPoolPrices(changes, period), onDemand, gaps };
}

/** The seeded walk of this machine, through EC2's own protocol and the product's own adapters. */
export async function readSyntheticMarket(instanceTypes: readonly string[], period: Period): Promise<ReadMarket> {
  const { endpoint, close } = await openPriceEndpoint();
  const client = { endpoint, region: REGION, credentials: DUMMY_CREDENTIALS };
  try {
    return await readWith({ ec2: new EC2Client(client), pricing: new PricingClient(client) }, instanceTypes, period);
  } finally {
    await close();
  }
}

/** AWS, with the credentials and the region of whoever runs this. It costs nothing. */
export async function readLiveMarket(instanceTypes: readonly string[], period: Period): Promise<ReadMarket> {
  try {
    return await readWith(
      { ec2: new EC2Client(), pricing: new PricingClient({ region: REGION }) },
      instanceTypes,
      period,
    );
  } catch (error) {
    throw new PlainProblem(
      `Expected EC2 to tell its Spot prices, got ${describeProblem(error)}. To fix: set \`AWS_REGION\` and credentials ` +
        'that may `ec2:DescribeSpotPriceHistory`, or leave out `--prices live`.',
      { cause: error },
    );
  }
}
