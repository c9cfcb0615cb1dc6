import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import pRetry from 'p-retry';
import { ServiceUnavailable } from '../core/errors.ts';

/**
 * Forty shards write one item at once: each try may lose to another; together about ten seconds. The waits stay below
 * the longest: those that are cut to it come in step, and lose again.
 */
const patience = { retries: 20, minTimeout: 20, factor: 1.25, maxTimeout: 3000, randomize: true };

type Updates = readonly NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Update']>[];

/** The reason why the item of that number was refused, with what stood there if the update asked for it. */
export const refusalOf = (error: unknown, item: number) => {
  const reason = error instanceof TransactionCanceledException ? error.CancellationReasons?.[item] : undefined;
  return reason?.Code === 'ConditionalCheckFailed' ? reason : undefined;
};

const isRefused = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  (error instanceof TransactionCanceledException &&
    error.CancellationReasons?.some(({ Code }) => Code === 'ConditionalCheckFailed') === true);

/** All shards of a job write its budget item: conflicts are usual, and the SDK does not retry them. */
const isConflict = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  error.CancellationReasons?.some((reason) => reason.Code === 'TransactionConflict') === true;

/**
 * Tries again where another was faster; what decides over the write has to be read by `once`.
 * @throws ServiceUnavailable where another always was: the state machine tries later
 */
export async function inTurn<T>(once: () => Promise<T>, wasFaster = isRefused): Promise<T> {
  try {
    return await pRetry(once, { ...patience, shouldRetry: ({ error }) => wasFaster(error) });
  } catch (error) {
    if (!wasFaster(error)) throw error;
    throw new ServiceUnavailable(`Expected to write to the ledger, lost to others ${patience.retries + 1} times.`, {
      cause: error,
    });
  }
}

/** All updates or none; asked again where another transaction holds an item. */
export const makeTransact = (client: DynamoDBDocumentClient) => (updates: Updates) =>
  inTurn(
    () => client.send(new TransactWriteCommand({ TransactItems: updates.map((Update) => ({ Update })) })),
    isConflict,
  );
