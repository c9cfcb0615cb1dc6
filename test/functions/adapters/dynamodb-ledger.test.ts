import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { makeDynamoDbLedger } from '../../../functions/adapters/dynamodb-ledger.ts';
import { aReservation } from '../../fakes/builders.ts';
import { ledgerConformance } from '../../fakes/ledger.conformance.ts';
import { checkBudget } from '../budget-model.ts';
import { type HttpStub, type StubAnswer, startStub } from './http-stub.ts';
import { useTables } from './table.ts';

describe('the ledger on DynamoDB', () => {
  // What is tested stays: reservations overlap, so that one which reads first and writes later would overspend.
  const tables = useTables({ oneAtATime: true });

  const committed = async (table: string) => (await tables.read(table, 'job#job-1', 'budget'))?.committed;

  ledgerConformance(async () => makeDynamoDbLedger(tables.client, await tables.make()));

  it('never passes a budget, whatever parallel shards set aside and spend at once', { timeout: 60_000 }, async () => {
    await checkBudget(async () => makeDynamoDbLedger(tables.client, await tables.make()), 6);
  });

  it('counts in whole micro-dollars, up', async () => {
    const table = await tables.make();
    const ledger = makeDynamoDbLedger(tables.client, table);
    await ledger.reserve(aReservation({ usd: 0.0000011 }));
    expect(await committed(table)).toBe(2);
  });

  it.each([0.03128, 1.1, 0.07, 2.33, 0.58, 8.2])(
    'frees exactly what it set aside, where floats print badly: %f',
    async (usd) => {
      const table = await tables.make();
      const ledger = makeDynamoDbLedger(tables.client, table);
      await ledger.reserve(aReservation({ usd }));
      await ledger.settle('job-1', aReservation().jobName, 0);
      expect(await committed(table)).toBe(0);
    },
  );

  it('lets a reservation fill the budget exactly, where floats print badly', async () => {
    const ledger = makeDynamoDbLedger(tables.client, await tables.make());
    expect(await ledger.reserve(aReservation({ usd: 4.03 }), 4.03)).toBe(true);
  });

  it('settles and lists what an older version wrote', async () => {
    const table = await tables.make();
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: 'job#job-1', sk: 'attempt#old' },
      UpdateExpression: 'SET micros = :micros, queue = :q, jobName = :name',
      ExpressionAttributeValues: { ':micros': 250_000, ':q': 'q', ':name': 'old' },
    });
    await tables.client.send(update);
    const ledger = makeDynamoDbLedger(tables.client, table);
    expect(await ledger.open('job-1')).toEqual([{ jobId: 'job-1', jobName: 'old', queue: 'q', usd: 0.25 }]);
    await ledger.settle('job-1', 'old', 0.1);
    expect(await ledger.open('job-1')).toEqual([]);
  });
});

describe('the answers of DynamoDB', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  const type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException';
  const canceled = (...codes: readonly string[]): StubAnswer => ({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ __type: type, Message: 'canceled', CancellationReasons: codes.map((Code) => ({ Code })) }),
  });
  const fine: StubAnswer = { headers: { 'content-type': 'application/x-amz-json-1.0' }, body: '{}' };

  async function ledgerThat(...answers: readonly StubAnswer[]) {
    let at = 0;
    stub = await startStub(() => answers[Math.min(at++, answers.length - 1)] ?? fine);
    return makeDynamoDbLedger(DynamoDBDocumentClient.from(new DynamoDBClient(stub.client)), 'ledger');
  }

  it('mean a refusal only where it is the budget that did not fit', async () => {
    const check = 'ConditionalCheckFailed';
    expect(await (await ledgerThat(canceled('None', check))).reserve(aReservation(), 1)).toBe(false);
    await stub?.stop();
    const item = (attributes: object): StubAnswer => ({ ...fine, body: JSON.stringify({ Item: attributes }) });
    const settled = item({ micros: { N: '1' }, settled: { N: '1' } });
    expect(await (await ledgerThat(canceled(check, 'None'), settled)).reserve(aReservation(), 1)).toBe(true);
    await stub?.stop();
    expect(await (await ledgerThat(canceled(check, check), settled)).reserve(aReservation(), 1)).toBe(true);
  });

  it('about an attempt that another call writes at the same time are read and written again', async () => {
    const check = canceled('ConditionalCheckFailed', 'None');
    const there = (micros: number): StubAnswer => ({
      ...fine,
      body: JSON.stringify({ Item: { micros: { N: `${micros}` } } }),
    });
    const ledger = await ledgerThat(check, there(5), check, there(7), fine);
    expect(await ledger.reserve(aReservation(), 1)).toBe(true);
    const before = stub?.requests.map(
      ({ body }) => JSON.parse(body).TransactItems?.[0].Update.ExpressionAttributeValues[':before'],
    );
    expect(before).toEqual([undefined, undefined, { N: '5' }, undefined, { N: '7' }]);
    await stub?.stop();
    const settled = { ...fine, body: JSON.stringify({ Item: { micros: { N: '7' }, settled: { N: '1' } } }) };
    await (await ledgerThat(there(5), check, there(7), check, settled)).settle('job-1', 'a', 0.1);
    expect(stub?.requests).toHaveLength(5);
  });

  it('need no request where the attempt alone is dearer than the budget', async () => {
    const ledger = await ledgerThat(fine);
    expect(await ledger.reserve(aReservation({ usd: 2 }), 1)).toBe(false);
    expect(stub?.requests).toEqual([]);
  });

  it('of any other kind are failures, not refusals', async () => {
    const ledger = await ledgerThat(canceled('None', 'ProvisionedThroughputExceeded'));
    await expect(ledger.reserve(aReservation(), 1)).rejects.toThrow();
  });

  it('about a conflict of two transactions are asked for again: shards share the item of the budget', async () => {
    const ledger = await ledgerThat(canceled('None', 'TransactionConflict'), fine);
    await expect(ledger.reserve(aReservation(), 1)).resolves.toBe(true);
  });

  it('about one item are enough to settle it', async () => {
    const item = { Item: { micros: { N: '250000' } } };
    const ledger = await ledgerThat({ ...fine, body: JSON.stringify(item) }, fine);
    await ledger.settle('job-1', 'a', 0.1);
    const [read, write, ...more] = stub?.requests.map(({ body }) => JSON.parse(body)) ?? [];
    expect(read.Key).toEqual({ pk: { S: 'job#job-1' }, sk: { S: 'attempt#a' } });
    expect(write.TransactItems).toHaveLength(2);
    expect(more).toEqual([]);
  });
});
