import { PricingClient } from '@aws-sdk/client-pricing';
import { afterEach, describe, expect, it } from 'vitest';
import { makePricingOnDemand } from '../../../functions/adapters/pricing-on-demand.ts';
import { type HttpStub, type StubAnswer, startStub } from './http-stub.ts';

interface Row {
  readonly type?: unknown;
  readonly usd?: unknown;
  readonly unit?: string;
}

const product = ({ type = 'g6.xlarge', usd = '0.8048000000', unit = 'Hrs' }: Row = {}) =>
  JSON.stringify({
    product: { attributes: { instanceType: type } },
    terms: { OnDemand: { 'a.b': { priceDimensions: { 'a.b.c': { unit, pricePerUnit: { USD: usd } } } } } },
  });

describe('on-demand prices of AWS Pricing', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function pricesOf(...pages: readonly (readonly unknown[])[]) {
    stub = await startStub(({ body }) => {
      const at = Number(JSON.parse(body).NextToken ?? 0);
      const NextToken = at + 1 < pages.length ? String(at + 1) : undefined;
      return answer({ PriceList: pages[at] ?? [], NextToken });
    });
    return makePricingOnDemand(new PricingClient(stub.client), 'eu-west-1').currentPrices(['g6.xlarge', 'g5.xlarge']);
  }
  const answer = (body: unknown): StubAnswer => ({
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  });

  it('are those of plain Linux in this region, for all types by one question', async () => {
    expect(await pricesOf([product(), product({ type: 'g5.xlarge', usd: '1.006' })])).toEqual([
      { instanceType: 'g6.xlarge', usdPerHour: 0.8048 },
      { instanceType: 'g5.xlarge', usdPerHour: 1.006 },
    ]);
    const { ServiceCode, Filters } = JSON.parse(stub?.requests[0]?.body ?? '');
    expect(ServiceCode).toBe('AmazonEC2');
    const filters = Filters.map((filter: Readonly<Record<string, string>>) => Object.values(filter).join(' '));
    expect(filters.toSorted()).toEqual([
      'ANY_OF instanceType g6.xlarge,g5.xlarge',
      'TERM_MATCH capacitystatus Used',
      'TERM_MATCH operatingSystem Linux',
      'TERM_MATCH preInstalledSw NA',
      'TERM_MATCH regionCode eu-west-1',
      'TERM_MATCH tenancy Shared',
    ]);
  });

  it('come from all pages', async () => {
    expect(await pricesOf([product()], [], [product({ type: 'g5.xlarge' })])).toHaveLength(2);
  });

  it.each([
    product({ usd: '' }),
    product({ usd: '0.0000000000' }),
    product({ usd: 'free' }),
    product({ usd: '-1' }),
    product({ usd: 0.5 }),
    product({ usd: null }),
    product({ unit: 'Quantity' }),
    product({ type: 7 }),
    product({ type: 'g6.48xlarge' }),
    '{}',
    '{"product":null,"terms":{"OnDemand":[]}}',
    '{"cut',
    'null',
  ])('pass over %s', async (junk) => {
    expect(await pricesOf([junk, product()])).toEqual([{ instanceType: 'g6.xlarge', usdPerHour: 0.8048 }]);
  });

  it('are the dearer of two for one type, in whatever order', async () => {
    for (const rows of [
      [product({ usd: '2' }), product()],
      [product(), product({ usd: '2' })],
    ]) {
      expect((await pricesOf(rows)).map((price) => price.usdPerHour)).toEqual([2]);
      await stub?.stop();
    }
    stub = undefined;
  });

  it('are none where the region offers none', async () => {
    expect(await pricesOf([])).toEqual([]);
  });

  it('hand on a refusal', async () => {
    stub = await startStub(() => ({ ...answer({ __type: 'AccessDeniedException', message: 'no' }), status: 400 }));
    const asked = makePricingOnDemand(new PricingClient(stub.client), 'eu-west-1').currentPrices(['g6.xlarge']);
    await expect(asked).rejects.toThrow();
  });
});
