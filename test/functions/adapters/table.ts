import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { inLine, type Moto, startMoto } from './moto.ts';

/** Tables as the stack makes them. */
function makeTables(moto: Moto, { oneAtATime = false } = {}) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(moto.client));
  if (oneAtATime) client.middlewareStack.add(inLine(), { step: 'finalizeRequest' });
  let count = 0;
  return {
    client,
    make: async (): Promise<string> => {
      const TableName = `table-${++count}`;
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
    },
    read: async (TableName: string, pk: string, sk: string) =>
      (await client.send(new GetCommand({ TableName, Key: { pk, sk } }))).Item,
  };
}

/**
 * A DynamoDB of its own for the tests of a `describe`.
 * @param oneAtATime where what is tested needs conditional puts to be atomic
 */
export function useTables(options: { readonly oneAtATime?: boolean } = {}) {
  let moto: Moto;
  let tables: ReturnType<typeof makeTables>;
  beforeAll(async () => {
    moto = await startMoto();
    tables = makeTables(moto, options);
  });
  afterAll(() => moto.stop());
  return {
    get client() {
      return tables.client;
    },
    make: () => tables.make(),
    read: (...where: Parameters<typeof tables.read>) => tables.read(...where),
  };
}
