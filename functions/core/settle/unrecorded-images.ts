import pMap from 'p-map';
import { parseShard } from '../plan/shard-schema.ts';
import type { Bucket } from '../storage/bucket.ts';
import { attemptKeyOf, imageKey, shardKey } from '../storage/keys.ts';
import type { AttemptRecord } from './attempt-record.ts';
import type { Settlement } from './settlement.ts';

interface Known {
  /** Hashes that are in the bucket now. */
  readonly present: ReadonlySet<string>;
  readonly records: readonly AttemptRecord[];
  readonly settlements: readonly Settlement[];
}

/** The images of those shards; undefined where a shard file is gone by now (they expire) and each image may be one. */
async function readShards(bucket: Bucket, silent: readonly Settlement[]): Promise<ReadonlySet<string> | undefined> {
  const keys = [...new Set(silent.map(({ jobId, shard }) => shardKey(jobId, shard)))];
  const texts = await pMap(keys, (key) => bucket.read(key), { concurrency: 8 });
  if (texts.includes(undefined)) return undefined;
  return new Set(texts.flatMap((text) => parseShard(text ?? '').images.map((image) => image.hash)));
}

/**
 * A worker that is lost between the upload of an image and its record says nothing of it any more; the object itself
 * names its attempt. Without this such an image would count as rendered before, for $0. Asked only where an attempt of
 * the job left no record, and only of the images of its shard: of a job that was resumed nearly all are of no record.
 */
export async function findUnrecorded(
  bucket: Bucket,
  { present, records, settlements }: Known,
): Promise<ReadonlyMap<string, Settlement>> {
  const recorded = new Set(records.map(attemptKeyOf));
  const silent = new Map(
    settlements.filter((one) => !recorded.has(attemptKeyOf(one))).map((one) => [attemptKeyOf(one), one]),
  );
  if (!silent.size) return new Map();
  const told = new Set(records.flatMap((record) => record.images.map((image) => image.hash)));
  const theirs = (await readShards(bucket, [...silent.values()])) ?? present;
  const found = await pMap(
    [...theirs].filter((hash) => present.has(hash) && !told.has(hash)),
    async (hash) => {
      const by = silent.get((await bucket.attemptOf(imageKey(hash))) ?? '');
      return by ? [[hash, by] as const] : [];
    },
    { concurrency: 64 },
  );
  return new Map(found.flat());
}
