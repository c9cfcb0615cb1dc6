import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Wait, Waits } from '../core/wait/waits.ts';

/** As long as Step Functions keeps the history of an execution. */
const keptSeconds = 90 * 86_400;

function toWait(item: Record<string, unknown>): Wait {
  const text = (name: string) => String(item[name]);
  return {
    jobId: text('jobId'),
    jobName: text('jobName'),
    pool: text('pool'),
    verdict: text('verdict'),
    sentence: text('sentence'),
    since: text('since'),
    at: text('at'),
    ...(item.until === undefined ? {} : { until: text('until') }),
  };
}

/** Items of a job: `wait#<job name>`, one per attempt; the one with `until` is the last. */
export function makeDynamoDbWaits(client: DynamoDBDocumentClient, table: string): Waits {
  const keyOf = (jobId: string, jobName: string) => ({ pk: `job#${jobId}`, sk: `wait#${jobName}` });
  return {
    find: async (jobId, jobName) => {
      // Consistent: events of one job come seconds apart.
      const request = new GetCommand({ TableName: table, Key: keyOf(jobId, jobName), ConsistentRead: true });
      const { Item } = await client.send(request);
      return Item && toWait(Item);
    },
    write: async (wait) => {
      const put = new PutCommand({
        TableName: table,
        Item: {
          ...keyOf(wait.jobId, wait.jobName),
          ...wait,
          expires: Math.floor(Date.parse(wait.since) / 1000) + keptSeconds,
        },
        ConditionExpression: 'attribute_not_exists(#until)',
        ExpressionAttributeNames: { '#until': 'until' },
      });
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
