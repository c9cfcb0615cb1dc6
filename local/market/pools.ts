import { listPools, type Pool, queueName } from '../../functions/core/market/pools.ts';
import { INSTANCE_TYPES } from './published-prices.ts';

export interface Zone {
  readonly id: string;
  readonly name: string;
}

/** us-east-1 without use1-az3, which lacks current GPU types. Which letter an account sees for an id differs; ours is fixed. */
export const ZONES: readonly Zone[] = [
  { id: 'use1-az1', name: 'us-east-1a' },
  { id: 'use1-az2', name: 'us-east-1b' },
  { id: 'use1-az4', name: 'us-east-1d' },
  { id: 'use1-az5', name: 'us-east-1e' },
  { id: 'use1-az6', name: 'us-east-1f' },
];

/** The same pools as the stack deploys, by the name of their queue. */
export const poolsByQueue: ReadonlyMap<string, Pool> = new Map(
  listPools(
    ZONES.map((zone) => zone.id),
    INSTANCE_TYPES,
  ).map((pool) => [queueName(pool), pool]),
);

/** By name or ARN. */
export function findPoolOfQueue(queue: unknown): Pool | undefined {
  return poolsByQueue.get(String(queue).split('/').at(-1) ?? '');
}

export function findZone({ azId }: Pool): Zone | undefined {
  return azId === 'any' ? ZONES[0] : ZONES.find((zone) => zone.id === azId);
}
