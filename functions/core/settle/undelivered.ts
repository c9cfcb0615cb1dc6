import type { Bucket } from '../storage/bucket.ts';
import { attemptPrefix } from '../storage/keys.ts';
import type { Settlement } from './settlement.ts';

/** Every attempt of the shard that did not deliver, in order, as it was settled. */
export async function readUndelivered(
  bucket: Bucket,
  { jobId, shard }: Pick<Settlement, 'jobId' | 'shard'>,
): Promise<readonly Settlement[]> {
  const keys = (await bucket.list(attemptPrefix(jobId, shard))).filter((key) => key.endsWith('.settled.json'));
  const texts = await Promise.all(keys.map(async (key) => (await bucket.read(key)) ?? 'null'));
  const settled = texts.flatMap((text): readonly Settlement[] => JSON.parse(text) ?? []);
  return settled.filter(({ outcome }) => outcome !== 'Succeeded').toSorted((a, b) => a.attempt - b.attempt);
}
