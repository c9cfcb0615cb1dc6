import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoDbScoreMemory } from '../../../functions/adapters/dynamodb-score-memory.ts';
import { useTables } from './table.ts';

const types = ['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge'];
const scored = { scores: [{ azId: 'use1-az1', score: 9 }], until: '2026-11-24T04:00:00.500Z' };

describe('the memory of placement scores on DynamoDB', () => {
  const tables = useTables();

  it('finds what was written for a set of types, until the table forgets it', async () => {
    const table = await tables.make();
    const memory = makeDynamoDbScoreMemory(tables.client, table);
    expect(await memory.find(types)).toBeUndefined();
    await memory.write(types, scored);
    expect(await memory.find(types)).toEqual(scored);
    expect(await memory.find(types.slice(1))).toBeUndefined();
    const item = await tables.read(table, 'placement', 'scores#g4dn.xlarge,g5.xlarge,g6.xlarge');
    expect(item?.expires).toBe(Date.parse('2026-11-24T04:00:01.000Z') / 1000);
  });

  it('reads what another version wrote as far as it can', async () => {
    const table = await tables.make();
    const memory = makeDynamoDbScoreMemory(tables.client, table);
    const write = (fields: object) => {
      const Item = { pk: 'placement', sk: `scores#${types.join(',')}`, ...fields };
      return tables.client.send(new PutCommand({ TableName: table, Item }));
    };
    await write({ ...scored, version: 7, scores: [...scored.scores, { azId: 'use1-az2' }, 'junk', null] });
    expect(await memory.find(types)).toEqual(scored);
    await write({ scores: scored.scores });
    expect(await memory.find(types)).toBeUndefined();
    await write({ until: scored.until });
    expect(await memory.find(types)).toBeUndefined();
  });
});
