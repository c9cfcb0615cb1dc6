import type { JobImage } from '../input/expand-prompts.ts';

/** The part of a job that one Batch job renders; the worker reads it. */
export interface Shard {
  readonly version: 1;
  readonly jobId: string;
  readonly shard: number;
  readonly model: string;
  readonly revision: string;
  readonly images: readonly JobImage[];
}

/** 1,000 recipes of 2,000 characters are 2 MB: a worker reads them at once, and two states ask for each image in seconds. */
const most = 1000;
/** At most 200 shards: a Map iteration takes about 40 history events, an execution has 25,000. */
const mostShards = 200;

/** Images per shard, so that rendering takes about `shardSeconds`: short enough to lose, long enough to pay for the boot. */
export function shardSize(images: number, secondsPerImage: number, shardSeconds: number): number {
  const wanted = Math.floor(shardSeconds / Math.max(secondsPerImage, 1e-6));
  return Math.max(1, Math.min(most, wanted), Math.ceil(images / mostShards));
}

/** Cuts images of one or more models into shards; each shard has one model. Shards differ by one image at most. */
export function cutShards(
  jobId: string,
  images: readonly JobImage[],
  sizeOf: (model: string, images: number) => number,
): readonly Shard[] {
  const byModel = Map.groupBy(images, (image) => `${image.recipe.model} ${image.recipe.revision}`);
  // What is rounded up is one shard a model at most.
  const least = Math.ceil(images.length / (mostShards - byModel.size));
  const shards: Shard[] = [];
  for (const group of byModel.values()) {
    const first = group[0];
    if (!first) continue;
    const { model, revision } = first.recipe;
    const parts = Math.ceil(group.length / Math.max(least, sizeOf(model, group.length)));
    for (let part = 0; part < parts; part++) {
      const start = Math.floor((part * group.length) / parts);
      const end = Math.floor(((part + 1) * group.length) / parts);
      shards.push({ version: 1, jobId, shard: shards.length, model, revision, images: group.slice(start, end) });
    }
  }
  return shards;
}
