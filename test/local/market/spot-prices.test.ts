import { DescribeSpotPriceHistoryCommand, EC2Client, paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRouter, type Router } from '../../../local/address/router.ts';
import { send, toTextReply } from '../../../local/address/wire.ts';
import { makeSyntheticPages, serveSpotPrices } from '../../../local/market/spot-prices.ts';
import { aClient } from '../harness.ts';

const now = new Date('2026-11-23T12:00:00Z');

describe('DescribeSpotPriceHistory', () => {
  let router: Router;
  let ec2: EC2Client;
  beforeAll(async () => {
    router = await openRouter(0);
    const pages = makeSyntheticPages(1, () => now);
    router.serve({
      endpoints: { ec2: (request) => serveSpotPrices(request, pages) },
      imds: async () => toTextReply(404, ''),
      forward: async (_, response) => send(response, toTextReply(404, '')),
    });
    ec2 = new EC2Client(aClient(`http://127.0.0.1:${router.port}`));
  });
  afterAll(() => router.close());

  it('answers the price in force per zone when asked from now on', async () => {
    const request = { InstanceTypes: ['g6.xlarge' as const], ProductDescriptions: ['Linux/UNIX'], StartTime: now };
    const { SpotPriceHistory = [] } = await ec2.send(new DescribeSpotPriceHistoryCommand(request));
    expect(SpotPriceHistory.map((row) => row.AvailabilityZoneId).sort()).toEqual([
      'use1-az1',
      'use1-az2',
      'use1-az4',
      'use1-az5',
      'use1-az6',
    ]);
    expect(SpotPriceHistory[0]).toMatchObject({ InstanceType: 'g6.xlarge', ProductDescription: 'Linux/UNIX' });
    expect(Number(SpotPriceHistory[0]?.SpotPrice)).toBeGreaterThan(0.2);
    expect(SpotPriceHistory[0]?.Timestamp).toBeInstanceOf(Date);
  });

  it('filters by zone id, zone name and filters', async () => {
    const count = async (filter: object) => {
      const request = { StartTime: now, ...filter };
      return (await ec2.send(new DescribeSpotPriceHistoryCommand(request))).SpotPriceHistory?.length;
    };
    expect(await count({ AvailabilityZoneId: 'use1-az4' })).toBe(5);
    expect(await count({ AvailabilityZone: 'us-east-1d', InstanceTypes: ['g5.xlarge'] })).toBe(1);
    expect(await count({ Filters: [{ Name: 'availability-zone-id', Values: ['use1-az1', 'use1-az2'] }] })).toBe(10);
    expect(await count({ ProductDescriptions: ['Windows'] })).toBe(0);
    expect(await count({ InstanceTypes: ['p3.2xlarge'] })).toBe(0);
  });

  it('gives all pages of a history, each row once', async () => {
    const request = { StartTime: new Date('2026-11-01T00:00:00Z'), EndTime: now, MaxResults: 500 };
    const keys: string[] = [];
    let pages = 0;
    for await (const page of paginateDescribeSpotPriceHistory({ client: ec2 }, request)) {
      pages += 1;
      for (const row of page.SpotPriceHistory ?? []) {
        keys.push(`${row.AvailabilityZone} ${row.InstanceType} ${row.Timestamp?.toISOString()}`);
      }
    }
    expect(pages).toBe(Math.ceil(keys.length / 500));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(25 * 80);
  });
});
