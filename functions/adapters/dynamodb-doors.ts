import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Doors } from '../core/tell/doors.ts';

/** Items `gallery#<hash of the token>`, `door`; the table's TTL deletes them some time after `expires`. */
export function makeDynamoDbDoors(client: DynamoDBDocumentClient, table: string): Doors {
  const keyOf = (tokenHash: string) => ({ pk: `gallery#${tokenHash}`, sk: 'door' });
  return {
    add: async (tokenHash, { jobId, expires }) => {
      await client.send(new PutCommand({ TableName: table, Item: { ...keyOf(tokenHash), jobId, expires } }));
    },
    find: async (tokenHash) => {
      // Consistent: the link may be opened the moment that it is sent.
      const request = new GetCommand({ TableName: table, Key: keyOf(tokenHash), ConsistentRead: true });
      const { Item } = await client.send(request);
      return Item && { jobId: Item.jobId, expires: Item.expires };
    },
  };
}
