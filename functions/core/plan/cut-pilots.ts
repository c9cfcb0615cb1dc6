import type { JobImage } from '../input/expand-prompts.ts';
import type { Quote } from '../pick/quote.ts';
import { roundUsd } from '../usd.ts';
import type { Shard } from './cut-shards.ts';
import { pilotImages } from './pilots.ts';

/** As it stands in a state's output. */
export interface PlannedPilot {
  readonly shard: number;
  readonly instanceType: string;
  readonly images: number;
  readonly usd: number;
}

interface Cut {
  readonly shards: readonly Shard[];
  readonly pilots: readonly PlannedPilot[];
  readonly rest: readonly JobImage[];
}

/** The first images of each model go to its pilots, one small shard each; the rest is cut as usual. */
export function cutPilots(
  jobId: string,
  images: readonly JobImage[],
  pilotsOf: (model: string) => readonly Quote[],
): Cut {
  const lent = new Set<JobImage>();
  const shards: Shard[] = [];
  const pilots: PlannedPilot[] = [];
  for (const [model, group] of Map.groupBy(images, (image) => image.recipe.model)) {
    for (const [index, { pool, usd }] of pilotsOf(model).entries()) {
      const part = group.slice(index * pilotImages, (index + 1) * pilotImages);
      const revision = part[0]?.recipe.revision;
      if (revision === undefined) continue;
      const shard = shards.length;
      shards.push({ version: 1, jobId, shard, model, revision, images: part });
      pilots.push({ shard, instanceType: pool.instanceType, images: part.length, usd: roundUsd(usd) });
      for (const image of part) lent.add(image);
    }
  }
  return { shards, pilots, rest: images.filter((image) => !lent.has(image)) };
}
