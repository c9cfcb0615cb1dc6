import { z } from 'zod';
import { parseShard } from './core/plan/shard-schema.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { findExistingImages } from './core/storage/existing-images.ts';

const eventSchema = z.object({ key: z.string() });

/** Asks the bucket which images of a shard exist, at first and after every loss. */
export function makeFindMissingImages({ bucket }: { readonly bucket: Bucket }) {
  return async (event: unknown): Promise<{ images: number; missing: number }> => {
    const { key } = eventSchema.parse(event);
    const { images } = parseShard((await bucket.read(key)) ?? '');
    const hashes = images.map((image) => image.hash);
    const present = await findExistingImages(bucket, hashes);
    return { images: hashes.length, missing: hashes.length - present.size };
  };
}
