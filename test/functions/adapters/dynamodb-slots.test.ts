import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoDbSlots } from '../../../functions/adapters/dynamodb-slots.ts';
import { aSlotRequest } from '../../fakes/slot-request.ts';
import { slotsConformance } from '../../fakes/slots.conformance.ts';
import { checkSlots } from '../slots-model.ts';
import { useTables } from './table.ts';

const now = () => aSlotRequest().now;

describe('the slots on DynamoDB', () => {
  const tables = useTables({ oneAtATime: true });

  slotsConformance(async (clock) => makeDynamoDbSlots(tables.client, await tables.make(), clock.now));

  it('never exceed their quota, whatever is taken and freed at once', { timeout: 60_000 }, async () => {
    await checkSlots(async (clock) => makeDynamoDbSlots(tables.client, await tables.make(), clock.now), 6);
  });

  it('read a book that an older version wrote, and leave out what they do not know', async () => {
    const table = await tables.make();
    const old = { jobId: 'old', jobName: 'old-s0-a1', vcpus: 4, until: now() + 1000 };
    const book = { slots: [old, { jobName: 'half' }, 'junk'], wants: 'none' };
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: 'slots', sk: 'quota#L-3819A6DF' },
      UpdateExpression: 'SET book = :book',
      ExpressionAttributeValues: { ':book': book },
    });
    await tables.client.send(update);
    const slots = makeDynamoDbSlots(tables.client, table, now);
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 4 });
    expect(await slots.take(aSlotRequest())).toMatchObject({ answer: 'taken', used: 8 });
    await slots.free('old-s0-a1', now());
    expect((await slots.held()).vcpus).toEqual({ 'L-3819A6DF': 4 });
  });
});
