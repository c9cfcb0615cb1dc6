import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  paginateQuery,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import pRetry from 'p-retry';
import type { Ledger, Reservation } from '../core/ports.ts';

/** Whole micro-dollars: sums of fractions would drift. */
const inMicros = (usd: number) => Number((usd * 1e6).toFixed(3));
const toMicros = (usd: number) => Math.ceil(inMicros(usd));

const isRefused = (error: unknown, item: number): boolean =>
  error instanceof TransactionCanceledException && error.CancellationReasons?.[item]?.Code === 'ConditionalCheckFailed';

/** All shards of a job write its budget item: conflicts are usual, and the SDK does not retry them. */
const isConflict = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  error.CancellationReasons?.some((reason) => reason.Code === 'TransactionConflict') === true;

const patience = { retries: 10, minTimeout: 20, maxTimeout: 1000, randomize: true };

/**
 * Items of a job: `attempt#<job name>` per attempt, and `budget` with `committed` = reserved + spent in micro-dollars.
 * One number, because a condition can compare with `maxUsd` but not add.
 */
export function makeDynamoDbLedger(client: DynamoDBDocumentClient, table: string): Ledger {
  const jobItem = (jobId: string, sk: string) => ({ TableName: table, Key: { pk: `job#${jobId}`, sk } });
  const attemptItem = (jobId: string, jobName: string) => jobItem(jobId, `attempt#${jobName}`);

  const transact = (TransactItems: TransactWriteCommandInput['TransactItems']) =>
    pRetry(() => client.send(new TransactWriteCommand({ TransactItems })), {
      ...patience,
      shouldRetry: ({ error }) => isConflict(error),
    });

  async function reserve(reservation: Reservation, maxUsd?: number): Promise<boolean> {
    const { jobId, jobName, queue, usd } = reservation;
    const micros = toMicros(usd);
    const room = maxUsd === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(inMicros(maxUsd)) - micros;
    if (room < 0) return false;
    const attempt = {
      ...attemptItem(jobId, jobName),
      UpdateExpression: 'SET micros = :micros, queue = :queue, jobName = :jobName',
      ConditionExpression: 'attribute_not_exists(micros)',
      ExpressionAttributeValues: { ':micros': micros, ':queue': queue, ':jobName': jobName },
    };
    const budget = {
      ...jobItem(jobId, 'budget'),
      UpdateExpression: 'ADD committed :micros',
      ConditionExpression: 'attribute_not_exists(committed) OR committed <= :room',
      ExpressionAttributeValues: { ':micros': micros, ':room': room },
    };
    try {
      await transact([{ Update: attempt }, { Update: budget }]);
      return true;
    } catch (error) {
      if (isRefused(error, 0)) return true; // this attempt has its reservation: a retry of the Lambda
      if (isRefused(error, 1)) return false;
      throw error;
    }
  }

  async function open(jobId: string): Promise<readonly Reservation[]> {
    const found: Reservation[] = [];
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :attempt)',
      FilterExpression: 'attribute_not_exists(settled)',
      ExpressionAttributeValues: { ':pk': `job#${jobId}`, ':attempt': 'attempt#' },
    };
    for await (const page of paginateQuery({ client }, query)) {
      for (const item of page.Items ?? []) {
        found.push({ jobId, jobName: item.jobName, queue: item.queue, usd: item.micros / 1e6 });
      }
    }
    return found;
  }

  async function settle(jobId: string, jobName: string, usd: number): Promise<void> {
    const reserved = (await open(jobId)).find((reservation) => reservation.jobName === jobName);
    if (!reserved) return; // settled already, or never reserved
    const spent = toMicros(usd);
    const attempt = {
      ...attemptItem(jobId, jobName),
      UpdateExpression: 'SET settled = :spent',
      ConditionExpression: 'attribute_not_exists(settled)',
      ExpressionAttributeValues: { ':spent': spent },
    };
    const budget = {
      ...jobItem(jobId, 'budget'),
      UpdateExpression: 'ADD committed :change',
      ExpressionAttributeValues: { ':change': spent - toMicros(reserved.usd) },
    };
    try {
      await transact([{ Update: attempt }, { Update: budget }]);
    } catch (error) {
      if (!isRefused(error, 0)) throw error;
    }
  }

  return { reserve, settle, open };
}
