import pMap from 'p-map';
import { imageKey, recipesKey } from '../functions/core/keys.ts';
import type { Bucket } from '../functions/core/ports.ts';

const recipeHash = /^\{"hash":"([0-9a-f]{64})"/gm;

/** Counts the images of a job in the bucket. A worker renders in order, so only the next few are asked for. */
export class ImageProgress {
  readonly #bucket: Bucket;
  readonly #jobId: string;
  #left: Set<string> | undefined;
  #total = 0;

  constructor(bucket: Bucket, jobId: string) {
    this.#bucket = bucket;
    this.#jobId = jobId;
  }

  /** Images there and images of the job; undefined before the recipes are written. */
  async look(lookAhead: number): Promise<{ readonly done: number; readonly total: number } | undefined> {
    if (!this.#left) {
      const text = await this.#bucket.read(recipesKey(this.#jobId));
      if (text === undefined) return undefined;
      this.#left = new Set([...text.matchAll(recipeHash)].flatMap((match) => match[1] ?? []));
      this.#total = this.#left.size;
    }
    const left = this.#left;
    const next = [...left].slice(0, lookAhead);
    const found = await pMap(next, async (hash) => ((await this.#bucket.exists(imageKey(hash))) ? [hash] : []), {
      concurrency: 16,
    });
    for (const hash of found.flat()) left.delete(hash);
    return { done: this.#total - left.size, total: this.#total };
  }
}
