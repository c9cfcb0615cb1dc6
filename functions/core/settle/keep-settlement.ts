import type { Bucket } from '../storage/bucket.ts';
import { settlementKey } from '../storage/keys.ts';
import type { Settlement } from './settlement.ts';

/**
 * Writes what an attempt cost, once: the first word stands, as in the ledger. A repeated call comes later and would count
 * more seconds of a job that ran when it was ended. The settlement that stands.
 */
export async function keepSettlement(bucket: Bucket, settlement: Settlement): Promise<Settlement> {
  const key = settlementKey(settlement.jobId, settlement.shard, settlement.attempt);
  if (await bucket.writeOnce(key, JSON.stringify(settlement))) return settlement;
  return JSON.parse((await bucket.read(key)) ?? 'null') ?? settlement;
}
