import pMap from 'p-map';
import { imageKey } from './keys.ts';
import type { Bucket } from './ports.ts';

/** Which of the images are in the bucket: the only truth about what is left. One HEAD each, 64 at a time. */
export async function findExistingImages(bucket: Bucket, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await pMap(hashes, async (hash) => ((await bucket.exists(imageKey(hash))) ? [hash] : []), {
    concurrency: 64,
  });
  return new Set(found.flat());
}
