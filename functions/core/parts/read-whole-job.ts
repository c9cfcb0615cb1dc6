import pMap from 'p-map';
import { type Attempts, readJob, readJobFile } from '../close/read-job.ts';
import type { JobImage } from '../input/expand-prompts.ts';
import { findModel } from '../input/models.ts';
import { partKey, partNames } from '../input/parts.ts';
import { hashRecipe, recipeSchema } from '../input/recipe.ts';
import type { JobFacts } from '../receipt/manifest.ts';
import type { Bucket } from '../storage/bucket.ts';
import { findExistingImages } from '../storage/existing-images.ts';
import { recipesKey } from '../storage/keys.ts';

type Facts = JobFacts & Attempts;

/** The lines that Validate prompts wrote: recipes but for the revision, which is that of the registry. */
async function readPartImages(bucket: Bucket, jobId: string, part: number): Promise<readonly JobImage[]> {
  const lines = ((await bucket.read(partKey(jobId, part))) ?? '').split('\n').filter(Boolean);
  return lines.map((line) => {
    const fields = JSON.parse(line);
    const recipe = recipeSchema.parse({ ...fields, revision: findModel(fields.model)?.revision });
    return { hash: hashRecipe(recipe), recipe };
  });
}

/** Of one that was not started: nobody rendered it, and yet images of it may be there. */
async function readUnstarted(bucket: Bucket, jobId: string, part: number): Promise<Facts> {
  const images = await readPartImages(bucket, jobId, part);
  const hashes = images.map(({ hash }) => hash);
  const present = await findExistingImages(bucket, hashes);
  return { images, present, records: [], settlements: [], pauses: [], unrecorded: new Map() };
}

const join = (facts: readonly Facts[]): Facts => ({
  images: facts.flatMap(({ images }) => images),
  present: new Set(facts.flatMap(({ present }) => [...present])),
  records: facts.flatMap(({ records }) => records),
  settlements: facts.flatMap(({ settlements }) => settlements),
  pauses: facts.flatMap(({ pauses }) => pauses),
  unrecorded: new Map(facts.flatMap(({ unrecorded }) => [...unrecorded])),
});

/** All that the bucket knows of a job, of all its parts where it is rendered in parts. */
export async function readWholeJob(bucket: Bucket, jobId: string): Promise<Facts> {
  const job = await readJobFile(bucket, jobId);
  if (!job?.parts) return readJob(bucket, jobId);
  const read = async (name: string, index: number) =>
    (await bucket.exists(recipesKey(name))) ? readJob(bucket, name) : readUnstarted(bucket, jobId, index + 1);
  return join(await pMap(partNames(job), read, { concurrency: 2 }));
}
