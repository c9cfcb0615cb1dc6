import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoDbLearned } from '../../../functions/adapters/dynamodb-learned.ts';
import { startedAt } from '../../fakes/builders.ts';
import { learnedConformance } from '../../fakes/learned.conformance.ts';
import { aLesson } from '../../fakes/lesson.ts';
import { useTables } from './table.ts';

const now = () => Date.parse(startedAt);

describe('what was learned, on DynamoDB', () => {
  const tables = useTables({ oneAtATime: true });

  learnedConformance(async (clock) => makeDynamoDbLearned(tables.client, await tables.make(), clock.now));

  it('marks the attempt for 30 days', async () => {
    const table = await tables.make();
    await makeDynamoDbLearned(tables.client, table, now).add(aLesson());
    expect(await tables.read(table, 'job#job-1', 'learned#job-1-s0-a1')).toEqual({
      pk: 'job#job-1',
      sk: 'learned#job-1-s0-a1',
      expires: now() / 1000 + 30 * 86_400,
    });
  });

  it('reads what an older version wrote, leaves out what it does not know, and goes on from there', async () => {
    const table = await tables.make();
    const key = (sk: string) => ({ pk: 'learned', sk });
    const items = [
      { ...key('pool#use1-az1/g6.xlarge/spot'), memory: { pool: 'use1-az1/g6.xlarge/spot', at: now(), losses: 2 } },
      { ...key('pool#broken'), memory: { losses: 'many' } },
      { ...key('speed#sd-1.5#512x512#g6.xlarge'), memory: { secondsPerStep: 3 }, version: 7 },
      { ...key('weather#sunny'), memory: {} },
    ];
    for (const Item of items) await tables.client.send(new PutCommand({ TableName: table, Item }));
    const learned = makeDynamoDbLearned(tables.client, table, now);
    const before = await learned.all();
    expect(before.speeds).toEqual([]);
    expect(before.records).toEqual([
      { pool: 'use1-az1/g6.xlarge/spot', hours: 0, losses: 2, refusals: 0, successes: 0 },
    ]);
    expect(await learned.add(aLesson())).toBe(true);
    const after = await learned.all();
    expect(after.records).toMatchObject([{ losses: 2, successes: 1, hours: 0.25, bootSeconds: 180 }]);
    expect(after.speeds).toMatchObject([{ secondsPerStep: 0.07, weight: 1 }]);
  });
});
