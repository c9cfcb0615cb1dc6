import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { learnPool, learnSpeed, toLearnedSpeed, toPoolRecord } from '../core/learn/learn.ts';
import type { Learned } from '../core/learn/learned.ts';
import type { Lesson } from '../core/learn/lesson.ts';
import { parsePoolMemory, parseSpeedMemory } from '../core/learn/memories.ts';
import { inTurn, makeTransact, refusalOf } from './dynamodb-transact.ts';

/** All under one key: who picks a pool reads everything by one query. */
const pk = 'learned';
const poolKey = (pool: string) => `pool#${pool}`;
const speedKey = ({ model, size, instanceType }: Lesson['speeds'][number]) => `speed#${model}#${size}#${instanceType}`;

/** An attempt is reported again within minutes, or by a Lambda that is retried by hand: long enough for both. */
const keptSeconds = 30 * 86_400;

interface Stored {
  readonly memory: unknown;
  /** 0: nothing is stored. */
  readonly version: number;
}

/**
 * Items `learned`, `pool#<pool id>` and `speed#<model>#<size>#<instance type>`, each written only where its version is the
 * one that was read; and `job#<id>`, `learned#<job name>`, which marks the attempt in the same transaction: it counts once.
 */
export function makeDynamoDbLearned(client: DynamoDBDocumentClient, table: string, now: () => number): Learned {
  const transact = makeTransact(client);

  async function readAll(ConsistentRead: boolean): Promise<ReadonlyMap<string, Stored>> {
    const items = new Map<string, Stored>();
    const query = {
      TableName: table,
      ConsistentRead,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    };
    for await (const page of paginateQuery({ client }, query)) {
      for (const { sk, memory, version } of page.Items ?? []) items.set(sk, { memory, version });
    }
    return items;
  }

  const mark = ({ jobId, jobName }: Lesson) => ({
    TableName: table,
    Key: { pk: `job#${jobId}`, sk: `learned#${jobName}` },
    UpdateExpression: 'SET expires = :expires',
    ConditionExpression: 'attribute_not_exists(expires)',
    ExpressionAttributeValues: { ':expires': Math.floor(now() / 1000) + keptSeconds },
  });

  const keep = (sk: string, memory: unknown, before = 0) => ({
    TableName: table,
    Key: { pk, sk },
    UpdateExpression: 'SET memory = :memory, version = :next',
    ConditionExpression: before ? 'version = :before' : 'attribute_not_exists(version)',
    ExpressionAttributeValues: { ':memory': memory, ':next': before + 1, ...(before ? { ':before': before } : {}) },
  });

  async function addOnce(lesson: Lesson): Promise<boolean> {
    const items = await readAll(true);
    const at = (sk: string) => items.get(sk);
    const ofPool = at(poolKey(lesson.pool));
    const ofSpeeds = lesson.speeds.map((sample) => {
      const sk = speedKey(sample);
      return keep(sk, learnSpeed(parseSpeedMemory(at(sk)?.memory), sample, lesson.at), at(sk)?.version);
    });
    const pool = learnPool(parsePoolMemory(ofPool?.memory), lesson);
    try {
      await transact([mark(lesson), keep(poolKey(lesson.pool), pool, ofPool?.version), ...ofSpeeds]);
      return true;
    } catch (error) {
      if (refusalOf(error, 0)) return false;
      throw error;
    }
  }

  return {
    add: (lesson) => inTurn(() => addOnce(lesson)),
    all: async () => {
      const memories = [...(await readAll(false))];
      const of = (kind: string) => memories.filter(([sk]) => sk.startsWith(kind)).map(([, { memory }]) => memory);
      return {
        speeds: of('speed#')
          .flatMap((memory) => parseSpeedMemory(memory) ?? [])
          .map(toLearnedSpeed),
        records: of('pool#')
          .flatMap((memory) => parsePoolMemory(memory) ?? [])
          .map((memory) => toPoolRecord(memory, now())),
      };
    },
  };
}
