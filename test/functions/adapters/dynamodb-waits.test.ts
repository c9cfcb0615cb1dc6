import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoDbWaits } from '../../../functions/adapters/dynamodb-waits.ts';
import { aWait, startedAt } from '../../fakes/builders.ts';
import { waitsConformance } from '../../fakes/waits.conformance.ts';
import { startStub } from './http-stub.ts';
import { useTables } from './table.ts';

describe('the waits on DynamoDB', () => {
  const tables = useTables();

  waitsConformance(async () => makeDynamoDbWaits(tables.client, await tables.make()));

  it('stand beside the attempts of their job, and are forgotten with its execution', async () => {
    const table = await tables.make();
    await makeDynamoDbWaits(tables.client, table).write(aWait());
    const key = { pk: 'job#job-1', sk: 'wait#job-1-s0-a1' };
    const item = await tables.read(table, key.pk, key.sk);
    expect(item).toEqual({ ...key, ...aWait(), expires: Date.parse(startedAt) / 1000 + 90 * 86_400 });
  });
});

describe('a failure of DynamoDB', () => {
  it('is not the end of a wait', async () => {
    const stub = await startStub(() => ({ status: 400, body: '{"__type":"ProvisionedThroughputExceededException"}' }));
    const waits = makeDynamoDbWaits(DynamoDBDocumentClient.from(new DynamoDBClient(stub.client)), 'ledger');
    await expect(waits.write(aWait())).rejects.toThrow();
    await stub.stop();
  });
});
