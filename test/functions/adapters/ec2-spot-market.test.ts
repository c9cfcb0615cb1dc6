import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { makeEc2PriceHistory, makeEc2SpotMarket } from '../../../functions/adapters/ec2-spot-market.ts';
import { type HttpStub, startStub } from './http-stub.ts';

interface Row {
  readonly zone?: string;
  readonly type?: string;
  readonly price?: string;
  readonly at?: string;
}

const field = (name: string, value: string | undefined) => (value === undefined ? '' : `<${name}>${value}</${name}>`);
const item = (row: Row) =>
  `<item>${field('availabilityZoneId', row.zone)}${field('instanceType', row.type)}${field('spotPrice', row.price)}${field('timestamp', row.at)}</item>`;
const page = (rows: readonly Row[], next = '') =>
  `<DescribeSpotPriceHistoryResponse><spotPriceHistorySet>${rows.map(item).join('')}</spotPriceHistorySet><nextToken>${next}</nextToken></DescribeSpotPriceHistoryResponse>`;

const row = (over: Row = {}): Row => ({
  zone: 'use1-az1',
  type: 'g6.xlarge',
  price: '0.300000',
  at: '2026-11-23T20:00:00.000Z',
  ...over,
});
const now = Date.parse('2026-11-23T22:00:00.000Z');

describe('the market on EC2', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function pricesOf(pages: readonly (readonly Row[])[]) {
    stub = await startStub(({ body }) => {
      const at = Number(new URLSearchParams(body).get('NextToken') ?? 0);
      return { body: page(pages[at] ?? [], at + 1 < pages.length ? String(at + 1) : '') };
    });
    return makeEc2SpotMarket(new EC2Client(stub.client), () => now).currentPrices(['g6.xlarge', 'g5.xlarge']);
  }

  it('asks for the prices in force, on Linux, of these types, from five minutes ago: a clock may be ahead', async () => {
    expect(await pricesOf([[row()]])).toEqual([{ azId: 'use1-az1', instanceType: 'g6.xlarge', usdPerHour: 0.3 }]);
    expect(Object.fromEntries(new URLSearchParams(stub?.requests[0]?.body))).toMatchObject({
      Action: 'DescribeSpotPriceHistory',
      'InstanceType.1': 'g6.xlarge',
      'InstanceType.2': 'g5.xlarge',
      'ProductDescription.1': 'Linux/UNIX',
      StartTime: '2026-11-23T21:55:00Z',
    });
  });

  it('reads every page, an empty one too', async () => {
    const prices = await pricesOf([[row()], [], [row({ zone: 'use1-az2', price: '0.2' })]]);
    expect(prices.map((price) => [price.azId, price.usdPerHour])).toEqual([
      ['use1-az1', 0.3],
      ['use1-az2', 0.2],
    ]);
  });

  it.each<Row>([
    { price: '' },
    { price: 'free' },
    { price: '0' },
    { price: '-1' },
    { price: 'NaN' },
    { price: 'Infinity' },
    { price: '0x10' },
    { price: '1e3' },
    { price: '0.3 USD' },
    { price: undefined },
    { zone: undefined },
    { zone: '' },
    { type: undefined },
  ])('passes over a row with %j', async (junk) => {
    expect(await pricesOf([[row(junk), row({ zone: 'use1-az9' })]])).toEqual([
      { azId: 'use1-az9', instanceType: 'g6.xlarge', usdPerHour: 0.3 },
    ]);
  });

  it('takes the latest row of a zone and type, in whatever order they come', async () => {
    const old = row({ price: '0.1', at: '2026-11-23T10:00:00.000Z' });
    const latest = row({ price: '0.5', at: '2026-11-23T21:00:00.000Z' });
    for (const rows of [[[old, latest]], [[latest, old]], [[latest], [old]]]) {
      expect((await pricesOf(rows)).map((price) => price.usdPerHour)).toEqual([0.5]);
      await stub?.stop();
    }
    await pricesOf([[old]]);
  });

  it('takes a change that came after our clock: it may be behind', async () => {
    const ahead = row({ price: '0.5', at: '2026-11-23T22:04:00.000Z' });
    expect((await pricesOf([[ahead, row()]])).map((price) => price.usdPerHour)).toEqual([0.5]);
  });

  it('takes a row without a time for the oldest', async () => {
    expect((await pricesOf([[row(), row({ price: '9', at: undefined })]]))[0]?.usdPerHour).toBe(0.3);
  });

  it('keeps zones and types apart', async () => {
    const rows = [row(), row({ zone: 'use1-az2' }), row({ type: 'g5.xlarge' })];
    expect(await pricesOf([rows])).toHaveLength(3);
  });

  it('is empty where nothing is offered', async () => {
    expect(await pricesOf([[]])).toEqual([]);
  });

  it('gets its prices after a throttled call: the SDK tries again, after a wait with jitter', async () => {
    let calls = 0;
    stub = await startStub(() => {
      calls += 1;
      const code = 'RequestLimitExceeded';
      return calls > 2
        ? { body: page([row()]) }
        : { status: 503, body: `<Response><Errors><Error><Code>${code}</Code></Error></Errors></Response>` };
    });
    const client = new EC2Client({ ...stub.client, retryMode: 'standard', maxAttempts: 5 });
    expect(await makeEc2SpotMarket(client, () => now).currentPrices(['g6.xlarge'])).toHaveLength(1);
    expect(calls).toBe(3);
  });

  it('hands on a refusal of AWS', async () => {
    stub = await startStub(() => ({
      status: 403,
      body: '<Response><Errors><Error><Code>No</Code></Error></Errors></Response>',
    }));
    await expect(
      makeEc2SpotMarket(new EC2Client(stub.client), () => now).currentPrices(['g6.xlarge']),
    ).rejects.toThrow();
  });
});

describe('the history of prices on EC2', () => {
  it('gives every change of these types since that time', async () => {
    const stub = await startStub(({ body }) => {
      const isFirst = !new URLSearchParams(body).has('NextToken');
      return { body: isFirst ? page([row()], '1') : page([row({ price: '0.4' }), row({ price: 'none' })]) };
    });
    const from = new Date('2026-11-16T22:00:00.000Z');
    const changes = await makeEc2PriceHistory(new EC2Client(stub.client)).changes(['g6.xlarge'], from);
    await stub.stop();
    const at = Date.parse('2026-11-23T20:00:00.000Z');
    expect(changes).toEqual([
      { azId: 'use1-az1', instanceType: 'g6.xlarge', usdPerHour: 0.3, at },
      { azId: 'use1-az1', instanceType: 'g6.xlarge', usdPerHour: 0.4, at },
    ]);
    expect(Object.fromEntries(new URLSearchParams(stub.requests[0]?.body))).toMatchObject({
      'InstanceType.1': 'g6.xlarge',
      StartTime: '2026-11-16T22:00:00Z',
    });
  });
});
