import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { ClosedPool, ClosedPools } from '../core/market/closed-pool.ts';

/** All under one key: Pick spot pool reads them by one query. */
const pk = 'pools';

/** Items `pools`, `closed#<pool id>`. TTL deletes late, so that what counts is `until`: ISO times in UTC compare as texts. */
export function makeDynamoDbClosedPools(client: DynamoDBDocumentClient, table: string, now: () => number): ClosedPools {
  const isoNow = () => new Date(now()).toISOString();
  return {
    close: async ({ pool, until }) => {
      const Item = { pk, sk: `closed#${pool}`, pool, until, expires: Math.ceil(Date.parse(until) / 1000) };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
    list: async () => {
      const found: ClosedPool[] = [];
      const query = {
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :closed)',
        FilterExpression: '#until > :now',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':pk': pk, ':closed': 'closed#', ':now': isoNow() },
      };
      for await (const page of paginateQuery({ client }, query)) {
        for (const { pool, until } of page.Items ?? []) found.push({ pool, until });
      }
      return found;
    },
  };
}
