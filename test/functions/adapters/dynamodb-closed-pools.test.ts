import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoDbClosedPools } from '../../../functions/adapters/dynamodb-closed-pools.ts';
import { closedPoolsConformance } from '../../fakes/closed-pools.conformance.ts';
import { startStub } from './http-stub.ts';
import { useTables } from './table.ts';

describe('the closed pools on DynamoDB', () => {
  // A conditional put of DynamoDB is atomic.
  const tables = useTables({ oneAtATime: true });

  closedPoolsConformance(async (clock) => makeDynamoDbClosedPools(tables.client, await tables.make(), clock.now));

  it('lets the table forget a pool after its time', async () => {
    const table = await tables.make();
    const pools = makeDynamoDbClosedPools(tables.client, table, () => Date.parse('2026-11-23T22:00:00.000Z'));
    await pools.close({ pool: 'any/g6.xlarge/spot', until: '2026-11-23T22:10:00.001Z' });
    const item = await tables.read(table, 'pools', 'closed#any/g6.xlarge/spot');
    expect(item?.expires).toBe(Date.parse('2026-11-23T22:10:01.000Z') / 1000);
  });
});

describe('a failure of DynamoDB', () => {
  it('is not a pool that is closed already', async () => {
    const stub = await startStub(() => ({ status: 400, body: '{"__type":"ProvisionedThroughputExceededException"}' }));
    const pools = makeDynamoDbClosedPools(
      DynamoDBDocumentClient.from(new DynamoDBClient(stub.client)),
      'ledger',
      () => 0,
    );
    await expect(pools.close({ pool: 'p', until: '2026-11-23T22:10:00.000Z' })).rejects.toThrow();
    await stub.stop();
  });
});
