import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, paginateQuery, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { TABLE } from '../../local/names.ts';
import { aClient, aStack } from './harness.ts';

it('keeps what is written beside a transaction that is refused', async () => {
  const local = await aStack();
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ ...aClient(local.endpoint), maxAttempts: 3 }));
  const put = (sk: string) => table.send(new PutCommand({ TableName: TABLE, Item: { pk: 'beside', sk } }));
  const refused = () =>
    table
      .send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Update: {
                TableName: TABLE,
                Key: { pk: 'never', sk: 'there' },
                UpdateExpression: 'SET x = :x',
                ConditionExpression: 'attribute_exists(pk)',
                ExpressionAttributeValues: { ':x': 1 },
              },
            },
          ],
        }),
      )
      .catch(({ name }: Error) => name);
  // Something to copy makes a transaction slow enough to be beside.
  await Promise.all(Array.from({ length: 100 }, (_, index) => put(`before-${index}`)));
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, index) => (index % 2 ? refused() : put(`beside-${index}`))),
  );
  expect(all.filter((answer) => answer === 'TransactionCanceledException')).toHaveLength(50);
  const found: unknown[] = [];
  const query = {
    TableName: TABLE,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': 'beside', ':sk': 'beside-' },
  };
  for await (const page of paginateQuery({ client: table }, query)) found.push(...(page.Items ?? []));
  await local.end();
  expect(found).toHaveLength(50);
});
