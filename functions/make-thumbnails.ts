import pMap from 'p-map';
import { z } from 'zod';
import type { Clock } from './core/clock.ts';
import type { Pictures } from './core/pictures.ts';
import { parseShard } from './core/plan/shard-schema.ts';
import { thumbnailsAtOnce } from './core/report/thumbnails-at-once.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { findExistingKeys } from './core/storage/existing-keys.ts';
import { imageKey, thumbnailKey, thumbnailSizes } from './core/storage/keys.ts';

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
  /** Of the images of this invocation that are no pictures: how many, and the first few with the reason. */
  readonly unreadable: { readonly count: number; readonly examples: readonly string[] };
}

const batch = 16;
/** The result is carried through the rest of the shard's states. */
const mostExamples = 3;
const longestReason = 120;

const toReason = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, longestReason);

/** Makes the thumbnails of a shard's images; each image is decoded once for all sizes. */
export function makeMakeThumbnails(deps: MakeThumbnailsDeps) {
  const { bucket, pictures, clock } = deps;

  /** Why an image that is there is no picture. A missing image has no thumbnail: that is no fault here. */
  async function shrink(hash: string): Promise<string | undefined> {
    const source = await bucket.readBytes(imageKey(hash));
    if (!source) return undefined;
    const made = await pictures.thumbnails(source, thumbnailSizes).catch((error: unknown) => toReason(error));
    if (typeof made === 'string') return `${imageKey(hash)}: ${made}`;
    // The small one last: its presence says that both are there.
    for (const [index, size] of [...thumbnailSizes.entries()].reverse()) {
      await bucket.write(thumbnailKey(hash, size), made[index] ?? '');
    }
    return undefined;
  }

  return async (event: unknown): Promise<MakeThumbnailsResult> => {
    const { key, cursor: start } = eventSchema.parse(event);
    const { images } = parseShard((await bucket.read(key)) ?? '');
    const deadline = clock.now() + deps.budgetSeconds * 1000;
    const concurrency = thumbnailsAtOnce(images.map(({ recipe }) => recipe));
    const [small] = thumbnailSizes;
    const keyOf = ({ hash }: (typeof images)[number]) => thumbnailKey(hash, small);
    const present = await findExistingKeys(bucket, images.slice(start).map(keyOf));
    const unreadable: string[] = [];
    let cursor = start;
    while (cursor < images.length && clock.now() < deadline) {
      const part = images.slice(cursor, cursor + batch);
      const without = part.filter((image) => !present.has(keyOf(image)));
      const problems = await pMap(without, ({ hash }) => shrink(hash), { concurrency });
      unreadable.push(...problems.filter((problem) => problem !== undefined));
      cursor += part.length;
    }
    return {
      cursor,
      finished: cursor >= images.length,
      unreadable: { count: unreadable.length, examples: unreadable.slice(0, mostExamples) },
    };
  };
}
