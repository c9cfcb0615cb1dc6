import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PlacementScore } from '../core/market/outlook.ts';
import type { ScoreMemory } from '../core/market/ports.ts';

/** What another version wrote may hold more or less. */
function toScores(value: unknown): readonly PlacementScore[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((row: unknown) => {
    const azId: unknown = Reflect.get(Object(row), 'azId');
    const score: unknown = Reflect.get(Object(row), 'score');
    return typeof azId === 'string' && typeof score === 'number' ? [{ azId, score }] : [];
  });
}

/** Items `placement`, `scores#<types>`; TTL deletes late, so that what counts is `until`. */
export function makeDynamoDbScoreMemory(client: DynamoDBDocumentClient, table: string): ScoreMemory {
  const keyOf = (instanceTypes: readonly string[]) => ({ pk: 'placement', sk: `scores#${instanceTypes.join(',')}` });
  return {
    find: async (instanceTypes) => {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(instanceTypes) }));
      const scores = toScores(Item?.scores);
      return scores && typeof Item?.until === 'string' ? { scores, until: Item.until } : undefined;
    },
    write: async (instanceTypes, { scores, until }) => {
      const expires = Math.ceil(Date.parse(until) / 1000);
      const Item = { ...keyOf(instanceTypes), scores, until, expires };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
  };
}
