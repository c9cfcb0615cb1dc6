import { z } from 'zod';
import { recipeSchema } from '../input/recipe.ts';
import type { Shard } from './cut-shards.ts';

/** The shard file as the worker reads it. */
export const shardSchema = z.strictObject({
  version: z.literal(1),
  jobId: z.string().min(1),
  shard: z.int().min(0),
  model: z.string(),
  revision: z.string(),
  images: z.array(z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), recipe: recipeSchema })).min(1),
});

export const parseShard = (text: string): Shard => shardSchema.parse(JSON.parse(text));
