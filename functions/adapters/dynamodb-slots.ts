import { type DynamoDBDocumentClient, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { parseSlotBook, type SlotBook } from '../core/slots/slot-book.ts';
import type { SlotAnswer, Slots } from '../core/slots/slot-request.ts';
import { freeSlot, leaveLine, takeSlot, toHeldSlots } from '../core/slots/slots.ts';
import { inTurn } from './dynamodb-transact.ts';

const pk = 'slots';

interface Stored {
  readonly book: SlotBook;
  /** 0: nothing is stored. */
  readonly version: number;
}

/**
 * Items `slots`, `quota#<code>`: the whole book of a quota in one, written only where its version is the one that was
 * read. So the rules are pure code over one value, and no interleaving can grant what two saw free. A slot has 150
 * bytes: 250 instances of 4 vCPUs are 38 KB of the 400 KB that an item may have.
 */
export function makeDynamoDbSlots(client: DynamoDBDocumentClient, table: string, now: () => number): Slots {
  async function readAll(code = ''): Promise<ReadonlyMap<string, Stored>> {
    const books = new Map<string, Stored>();
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': pk, ':sk': `quota#${code}` },
    };
    for await (const page of paginateQuery({ client }, query)) {
      for (const { sk, book, version } of page.Items ?? []) {
        books.set(sk.slice('quota#'.length), { book: parseSlotBook(book), version });
      }
    }
    return books;
  }

  async function write(code: string, book: SlotBook, before: number): Promise<void> {
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk, sk: `quota#${code}` },
      UpdateExpression: 'SET book = :book, version = :next',
      ConditionExpression: before ? 'version = :before' : 'attribute_not_exists(version)',
      ExpressionAttributeValues: { ':book': book, ':next': before + 1, ...(before ? { ':before': before } : {}) },
    });
    await client.send(update);
  }

  return {
    take: (request) =>
      inTurn(async (): Promise<SlotAnswer> => {
        const stored = (await readAll(request.code)).get(request.code);
        const { book, answer } = takeSlot(stored?.book ?? parseSlotBook(undefined), request);
        await write(request.code, book, stored?.version ?? 0);
        return answer;
      }),
    free: (jobName, goneAt) =>
      inTurn(async () => {
        for (const [code, { book, version }] of await readAll()) {
          const freed = freeSlot(book, jobName, goneAt);
          if (freed) await write(code, freed, version);
        }
      }),
    leave: (code, jobName) =>
      inTurn(async () => {
        const stored = (await readAll(code)).get(code);
        const left = stored && leaveLine(stored.book, jobName);
        if (left) await write(code, left, stored.version);
      }),
    held: async () => {
      const books = [...(await readAll())].map(([code, { book }]) => [code, book] as const);
      return toHeldSlots(new Map(books), now());
    },
  };
}
