import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEc2InstanceFacts } from '../../../functions/adapters/ec2-instance-facts.ts';
import { makePricingOnDemand } from '../../../functions/adapters/pricing-on-demand.ts';
import { mergeFacts } from '../../../functions/core/market/instance-facts.ts';
import { instanceTypes } from '../../../functions/core/market/instance-types.ts';
import { openRouter, type Router } from '../../../local/address/router.ts';
import { send, toTextReply } from '../../../local/address/wire.ts';
import { serveInstances } from '../../../local/market/instance-types.ts';
import { servePricing } from '../../../local/market/price-list.ts';
import { aClient } from '../harness.ts';

const names = instanceTypes.map((type) => type.name);

describe('what AWS tells of instances, on this machine', () => {
  let router: Router;
  let client: ReturnType<typeof aClient>;
  beforeAll(async () => {
    router = await openRouter(0);
    router.serve({
      endpoints: { ec2: async (request) => serveInstances(request), pricing: servePricing },
      imds: async () => toTextReply(404, ''),
      forward: async (_, response) => send(response, toTextReply(404, '')),
    });
    client = aClient(`http://127.0.0.1:${router.port}`);
  });
  afterAll(() => router.close());

  it('has the types of the table, as the table describes them', async () => {
    const facts = await makeEc2InstanceFacts(new EC2Client(client)).describe(names);
    const listed = instanceTypes.map(({ onDemandUsdPerHour: _, ...type }) => type);
    expect(mergeFacts(names, facts)).toEqual(listed);
  });

  it('has those alone that are asked for', async () => {
    const facts = await makeEc2InstanceFacts(new EC2Client(client)).describe(['g5.xlarge', 'm5.large']);
    expect(facts.map((fact) => fact.name)).toEqual(['g5.xlarge']);
  });

  it('has no instances', async () => {
    const { Reservations } = await new EC2Client(client).send(new DescribeInstancesCommand({}));
    expect(Reservations ?? []).toEqual([]);
  });

  it('has the on-demand prices of the table', async () => {
    const prices = await makePricingOnDemand(new PricingClient(client), 'us-east-1').currentPrices(names);
    const listed = instanceTypes.map(({ name, onDemandUsdPerHour }) => [name, onDemandUsdPerHour]);
    expect(prices.map((price) => [price.instanceType, price.usdPerHour]).toSorted()).toEqual(listed.toSorted());
    expect(await makePricingOnDemand(new PricingClient(client), 'eu-west-1').currentPrices(names)).toEqual([]);
    const all = await new PricingClient(client).send(new GetProductsCommand({ ServiceCode: 'AmazonEC2' }));
    expect(all.PriceList).toHaveLength(names.length);
  });

  it('forwards any other action of EC2, and refuses any other of Pricing', async () => {
    const request = {
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from('Action=RunInstances'),
    };
    expect(serveInstances(request)).toBeUndefined();
    expect(
      (await servePricing({ ...request, headers: { 'x-amz-target': 'AWSPriceListService.DescribeServices' } })).status,
    ).toBe(400);
  });
});
