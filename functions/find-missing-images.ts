import { z } from 'zod';
import { findExistingImages } from './core/existing-images.ts';
import type { Bucket } from './core/ports.ts';
import { parseShard } from './core/shard-schema.ts';

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
