import { z } from 'zod';
import type { JobImage } from './expand-prompts.ts';
import { recipesKey } from './keys.ts';
import type { Bucket } from './ports.ts';
import { recipeSchema } from './recipe.ts';

const line = z.object({ hash: z.string(), recipe: recipeSchema });

/** All images of a job, in the order of its prompts; none where the job was refused before any was written. */
export async function readRecipes(bucket: Bucket, jobId: string): Promise<readonly JobImage[]> {
  const text = await bucket.read(recipesKey(jobId));
  const lines = (text ?? '').split('\n').filter((row) => row !== '');
  return lines.map((row) => line.parse(JSON.parse(row)));
}
