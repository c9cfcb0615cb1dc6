import { describe, expect, it } from 'vitest';
import { makeDynamoDbDoors } from '../../../functions/adapters/dynamodb-doors.ts';
import { useTables } from './table.ts';

describe('the doors on DynamoDB', () => {
  const tables = useTables();

  it('finds a door by the hash of its token, and none by another', async () => {
    const table = await tables.make();
    const doors = makeDynamoDbDoors(tables.client, table);
    await doors.add('aa', { jobId: 'job-1', expires: 1_780_000_000 });
    expect(await doors.find('aa')).toEqual({ jobId: 'job-1', expires: 1_780_000_000 });
    expect(await doors.find('bb')).toBeUndefined();
    expect(await tables.read(table, 'gallery#aa', 'door')).toMatchObject({ expires: 1_780_000_000 });
  });
});
