import pMap from 'p-map';
import { z } from 'zod';
import { imageKey, thumbnailKey, thumbnailSizes } from './core/keys.ts';
import type { Bucket, Clock, Pictures } from './core/ports.ts';
import { parseShard } from './core/shard-schema.ts';

const eventSchema = z.object({ key: z.string(), cursor: z.int().min(0) });

export interface MakeThumbnailsDeps {
  readonly bucket: Bucket;
  readonly pictures: Pictures;
  readonly clock: Clock;
  /** Seconds after which the rest is left to the next invocation: well before Lambda's own limit. */
  readonly budgetSeconds: number;
}

export interface MakeThumbnailsResult {
  /** Where the next invocation goes on. */
  readonly cursor: number;
  readonly finished: boolean;
  readonly unreadable: readonly string[];
}

const batch = 16;

/** Makes the thumbnails of a shard's images; each image is decoded once for all sizes. */
export function makeMakeThumbnails(deps: MakeThumbnailsDeps) {
  const { bucket, pictures, clock } = deps;

  /** False for an image that is there but is no picture. A missing image has no thumbnail: that is no fault here. */
  async function shrink(hash: string): Promise<boolean> {
    const [small] = thumbnailSizes;
    if (await bucket.exists(thumbnailKey(hash, small))) return true;
    const source = await bucket.readBytes(imageKey(hash));
    if (!source) return true;
    const made = await pictures.thumbnails(source, thumbnailSizes).catch(() => undefined);
    if (!made) return false;
    // The small one last: its presence says that both are there.
    for (const [index, size] of [...thumbnailSizes.entries()].reverse()) {
      await bucket.write(thumbnailKey(hash, size), made[index] ?? '');
    }
    return true;
  }

  return async (event: unknown): Promise<MakeThumbnailsResult> => {
    const { key, cursor: start } = eventSchema.parse(event);
    const { images } = parseShard((await bucket.read(key)) ?? '');
    const deadline = clock.now() + deps.budgetSeconds * 1000;
    const unreadable: string[] = [];
    let cursor = start;
    while (cursor < images.length && clock.now() < deadline) {
      const part = images.slice(cursor, cursor + batch);
      const made = await pMap(part, async ({ hash }) => ((await shrink(hash)) ? [] : [hash]), { concurrency: 4 });
      unreadable.push(...made.flat());
      cursor += part.length;
    }
    return { cursor, finished: cursor >= images.length, unreadable };
  };
}
