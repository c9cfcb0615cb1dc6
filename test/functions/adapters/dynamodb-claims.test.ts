import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeDynamoDbClaims } from '../../../functions/adapters/dynamodb-claims.ts';
import { claimsConformance } from '../../fakes/claims.conformance.ts';
import { startStub } from './http-stub.ts';
import { useTables } from './table.ts';

const now = () => Date.parse('2026-11-24T22:00:30Z');

describe('the claims on DynamoDB', () => {
  const tables = useTables({ oneAtATime: true });

  claimsConformance(async () => makeDynamoDbClaims(tables.client, await tables.make(), now));

  it('writes an item that the table forgets after 400 days', async () => {
    const table = await tables.make();
    const time = '2026-11-24T22:00:00Z';
    await makeDynamoDbClaims(tables.client, table, now).claim({ schedule: 'night', time, jobId: 'a' });
    expect(await tables.read(table, 'schedule#night', `time#${time}`)).toEqual({
      pk: 'schedule#night',
      sk: `time#${time}`,
      jobId: 'a',
      expires: now() / 1000 + 400 * 86_400,
    });
  });

  it('hands on a refusal of AWS that is no lost claim', async () => {
    const stub = await startStub(() => ({ status: 400, body: '{"__type":"AccessDeniedException"}' }));
    const claims = makeDynamoDbClaims(DynamoDBDocumentClient.from(new DynamoDBClient(stub.client)), 't', now);
    await expect(claims.claim({ schedule: 's', time: 't', jobId: 'a' })).rejects.toThrow();
    await stub.stop();
  });
});
