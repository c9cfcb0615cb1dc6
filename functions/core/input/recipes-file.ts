import { z } from 'zod';
import type { Bucket } from '../storage/bucket.ts';
import { recipesKey } from '../storage/keys.ts';
import type { JobImage } from './expand-prompts.ts';
import { recipeSchema } from './recipe.ts';

const line = z.object({ hash: z.string(), recipe: recipeSchema });

export const parseRecipeLine = (text: string): JobImage => line.parse(JSON.parse(text));

/** The images of a file of ours; none where there is no file. */
export async function readRecipesAt(bucket: Bucket, key: string): Promise<readonly JobImage[]> {
  const lines = ((await bucket.read(key)) ?? '').split('\n');
  return lines.filter((row) => row !== '').map(parseRecipeLine);
}

/** All images of a job, in the order of its prompts; none where the job was refused before any was written. */
export const readRecipes = (bucket: Bucket, jobId: string) => readRecipesAt(bucket, recipesKey(jobId));
