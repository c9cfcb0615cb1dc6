import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { budgetLeft, limitMicros, mostCommitted, spentMicros } from '../core/settle/budget.ts';
import type { Ledger, Reservation } from '../core/settle/ledger.ts';
import { inTurn, makeTransact, refusalOf } from './dynamodb-transact.ts';

/** The attempt's own item is not as it was read: a Lambda that was called again wrote it, or a try whose answer was lost. */
const isTaken = (error: unknown) => refusalOf(error, 0) !== undefined;

const noRoom = 'attribute_not_exists(committed) OR committed <= :room';

/**
 * Items of a job: `attempt#<job name>` per attempt, and `budget` with `committed` = reserved + spent in micro-dollars.
 * One number, because a condition can compare with `maxUsd` but not add.
 */
export function makeDynamoDbLedger(client: DynamoDBDocumentClient, table: string): Ledger {
  const transact = makeTransact(client);
  const jobItem = (jobId: string, sk: string) => ({ TableName: table, Key: { pk: `job#${jobId}`, sk } });
  const attemptItem = (jobId: string, jobName: string) => jobItem(jobId, `attempt#${jobName}`);
  const read = async (item: ReturnType<typeof jobItem>) =>
    (await client.send(new GetCommand({ ...item, ConsistentRead: true }))).Item;

  /** @param before micro-dollars that stand there: a reservation that is replaced. Undefined: a new attempt. */
  async function put(reservation: Reservation, room: number, before?: number): Promise<boolean> {
    const { jobId, jobName, queue, usd, attempt } = reservation;
    const micros = spentMicros(usd);
    const values = { ':micros': micros, ':queue': queue, ':jobName': jobName, ':attempt': attempt ?? null };
    const unchanged = before === undefined ? 'attribute_not_exists(micros)' : 'micros = :before';
    const item = {
      ...attemptItem(jobId, jobName),
      UpdateExpression: 'SET micros = :micros, queue = :queue, jobName = :jobName, attempt = :attempt',
      ConditionExpression: `${unchanged} AND attribute_not_exists(settled)`,
      ExpressionAttributeValues: before === undefined ? values : { ...values, ':before': before },
    };
    const budget = {
      ...jobItem(jobId, 'budget'),
      UpdateExpression: 'ADD committed :change',
      ConditionExpression: noRoom,
      ExpressionAttributeValues: { ':change': micros - (before ?? 0), ':room': room },
    };
    try {
      await transact([item, budget]);
      return true;
    } catch (error) {
      if (!refusalOf(error, 0) && refusalOf(error, 1)) return false;
      throw error;
    }
  }

  /** The attempt has a reservation: a retry of the Lambda, which may have picked another pool meanwhile. */
  async function replace(reservation: Reservation, maxUsd?: number): Promise<boolean> {
    const there = await read(attemptItem(reservation.jobId, reservation.jobName));
    if (!there || there.settled !== undefined) return true;
    const change = spentMicros(reservation.usd) - there.micros;
    // It has started in the eyes of the budget: the worst case must fit, 90 % are no obstacle, and less always fits.
    const free = maxUsd === undefined || change <= 0;
    return put(reservation, free ? Number.MAX_SAFE_INTEGER : limitMicros(maxUsd) - change, there.micros);
  }

  async function reserve(reservation: Reservation, maxUsd?: number): Promise<boolean> {
    const room = mostCommitted(reservation.usd, maxUsd);
    if (room < 0) return false;
    try {
      return await put(reservation, room);
    } catch (error) {
      if (isTaken(error)) return inTurn(() => replace(reservation, maxUsd), isTaken);
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
      for (const { jobName, queue, micros, attempt } of page.Items ?? []) {
        found.push({ jobId, jobName, queue, usd: micros / 1e6, ...(attempt ? { attempt } : {}) });
      }
    }
    return found;
  }

  async function settleOnce(jobId: string, jobName: string, usd: number): Promise<void> {
    const reserved = await read(attemptItem(jobId, jobName));
    if (reserved?.micros === undefined || reserved.settled !== undefined) return; // settled already, or never reserved
    const spent = spentMicros(usd);
    const attempt = {
      ...attemptItem(jobId, jobName),
      UpdateExpression: 'SET settled = :spent',
      ConditionExpression: 'attribute_not_exists(settled) AND micros = :micros',
      ExpressionAttributeValues: { ':spent': spent, ':micros': reserved.micros },
    };
    const budget = {
      ...jobItem(jobId, 'budget'),
      UpdateExpression: 'ADD committed :change',
      ExpressionAttributeValues: { ':change': spent - reserved.micros },
    };
    await transact([attempt, budget]);
  }

  async function left(jobId: string, jobName: string, maxUsd?: number): Promise<number | undefined> {
    if (maxUsd === undefined) return undefined;
    const [budget, own] = await Promise.all([read(jobItem(jobId, 'budget')), read(attemptItem(jobId, jobName))]);
    const reserved = own?.settled === undefined ? (own?.micros ?? 0) : 0;
    return budgetLeft((budget?.committed ?? 0) - reserved, maxUsd);
  }

  return {
    reserve,
    left,
    // Read again where another was faster: it settled the attempt, or replaced its reservation.
    settle: (...of) => inTurn(() => settleOnce(...of)),
    open,
  };
}
