import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Claims } from '../core/input/claims.ts';

/** Longer than a year: a yearly schedule may be delivered by hand again, and the table stays small. */
const keptSeconds = 400 * 86_400;

/** Items `schedule#<name>`, `time#<ISO time>`, written once per job: a retried Lambda finds its own. */
export function makeDynamoDbClaims(client: DynamoDBDocumentClient, table: string, now: () => number): Claims {
  return {
    claim: async ({ schedule, time, jobId }) => {
      const key = { pk: `schedule#${schedule}`, sk: `time#${time}` };
      const expires = Math.floor(now() / 1000) + keptSeconds;
      const put = new PutCommand({
        TableName: table,
        Item: { ...key, jobId, expires },
        ConditionExpression: 'attribute_not_exists(pk) OR jobId = :me',
        ExpressionAttributeValues: { ':me': jobId },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return jobId;
      } catch (error) {
        const holder = error instanceof ConditionalCheckFailedException ? error.Item?.jobId?.S : undefined;
        if (holder === undefined) throw error;
        return holder;
      }
    },
  };
}
