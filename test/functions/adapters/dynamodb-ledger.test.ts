import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeDynamoDbLedger } from '../../../functions/adapters/dynamodb-ledger.ts';
import { aReservation } from '../../fakes/builders.ts';
import { ledgerConformance } from '../../fakes/ledger.conformance.ts';
import { type HttpStub, type StubAnswer, startStub } from './http-stub.ts';
import { type Moto, startMoto } from './moto.ts';

describe('the ledger on DynamoDB', () => {
  let moto: Moto;
  let client: DynamoDBDocumentClient;
  let tables = 0;

  beforeAll(async () => {
    moto = await startMoto();
    client = DynamoDBDocumentClient.from(new DynamoDBClient(moto.client));
    // One request at a time: DynamoDB's transactions are atomic, those of moto's threads are not. What is tested stays:
    // reservations overlap, so that one which reads first and writes later would overspend.
    let last: Promise<unknown> = Promise.resolve();
    client.middlewareStack.add(
      (next) => (args) => {
        const turn = last.then(() => next(args));
        last = turn.catch(() => undefined);
        return turn;
      },
      { step: 'finalizeRequest' },
    );
  });
  afterAll(() => moto.stop());

  async function newTable(): Promise<string> {
    const TableName = `ledger-${++tables}`;
    const key = ['pk', 'sk'] as const;
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: key.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: key.map((AttributeName, index) => ({ AttributeName, KeyType: index ? 'RANGE' : 'HASH' })),
      }),
    );
    return TableName;
  }
  const committed = async (table: string) => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk: 'job#job-1', sk: 'budget' } }));
    return Item?.committed;
  };

  ledgerConformance(async () => makeDynamoDbLedger(client, await newTable()));

  it('counts in whole micro-dollars, up', async () => {
    const table = await newTable();
    const ledger = makeDynamoDbLedger(client, table);
    await ledger.reserve(aReservation({ usd: 0.0000011 }));
    expect(await committed(table)).toBe(2);
  });

  it.each([0.03128])('frees exactly what it set aside, where floats print badly: %f', async (usd) => {
    const table = await newTable();
    const ledger = makeDynamoDbLedger(client, table);
    await ledger.reserve(aReservation({ usd }));
    await ledger.settle('job-1', aReservation().jobName, 0);
    expect(await committed(table)).toBe(0);
  });

  it('lets a reservation fill the budget exactly, where floats print badly', async () => {
    const ledger = makeDynamoDbLedger(client, await newTable());
    expect(await ledger.reserve(aReservation({ usd: 4.03 }), 4.03)).toBe(true);
  });

  it.each([1.1, 0.07, 2.33, 0.58, 8.2])('frees exactly what it set aside: %f', async (usd) => {
    const table = await newTable();
    const ledger = makeDynamoDbLedger(client, table);
    await ledger.reserve(aReservation({ usd }));
    await ledger.settle('job-1', aReservation().jobName, 0);
    expect(await committed(table)).toBe(0);
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
    expect(await (await ledgerThat(canceled(check, 'None'))).reserve(aReservation(), 1)).toBe(true);
    await stub?.stop();
    expect(await (await ledgerThat(canceled(check, check))).reserve(aReservation(), 1)).toBe(true);
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
});
