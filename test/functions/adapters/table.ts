import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Moto } from './moto.ts';

/** Tables as the stack makes them. */
export function makeTables(moto: Moto) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(moto.client));
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
