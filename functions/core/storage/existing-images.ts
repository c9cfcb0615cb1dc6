import type { Bucket } from './bucket.ts';
import { findExistingKeys } from './existing-keys.ts';
import { imageKey } from './keys.ts';

/** Which of the images are in the bucket: the only truth about what is left. */
export async function findExistingImages(bucket: Bucket, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await findExistingKeys(bucket, hashes.map(imageKey));
  return new Set(hashes.filter((hash) => found.has(imageKey(hash))));
}
