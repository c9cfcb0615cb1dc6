import { z } from 'zod';
import { InvalidJob, InvalidPrompt } from './core/errors.ts';
import type { Claims } from './core/input/claims.ts';
import { type Job, toJob } from './core/input/job.ts';
import { type JobInput, parseJobInput } from './core/input/job-input.ts';
import { limits as awsLimits, countParts, type Limits } from './core/input/parts.ts';
import { formatProblems, type Problem } from './core/input/problems.ts';
import { readJobRecipes } from './core/input/read-job-recipes.ts';
import { keepStartImages } from './core/input/start-images.ts';
import type { WaitingText } from './core/input/waiting-text.ts';
import { writeParts } from './core/parts/write-parts.ts';
import { toDeadline } from './core/pick/deadline.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { jobFileKey, recipesKey } from './core/storage/keys.ts';

const eventSchema = z.object({ jobId: z.string().min(1), startedAt: z.string(), input: z.unknown() });

export interface ValidatePromptsDeps {
  readonly bucket: Bucket;
  readonly claims: Claims;
  readonly defaultModel: string;
  /** Images of an execution, a part and a job at most; absent: those of AWS. */
  readonly limits?: Limits;
}

/** Problems of the prompts and their recipe fields alone are InvalidPrompt, anything else is InvalidJob. */
const ofPrompts =
  /^(prompts?|model|negativePrompt|seed|width|height|steps|guidance|scheduler|loras|count|startImage|strength|safety)($|\[|\.)/;

function refuse(problems: readonly Problem[]): never {
  const text = formatProblems(problems);
  if (problems.every((found) => ofPrompts.test(found.path) && !found.message.includes('Expected no field'))) {
    throw new InvalidPrompt(text);
  }
  throw new InvalidJob(text);
}

/** Parses the input, expands the prompts, reports all problems at once before anything is spent, writes the recipes. */
export function makeValidatePrompts({ bucket, claims, defaultModel, limits = awsLimits }: ValidatePromptsDeps) {
  /** The job that started for the same scheduled time before; undefined where this one is the first. */
  async function findEarlier(jobId: string, { schedule }: JobInput): Promise<string | undefined> {
    const holder = schedule && (await claims.claim({ schedule: schedule.name, time: schedule.time, jobId }));
    return holder === jobId ? undefined : holder;
  }

  async function writeRecipes({ jobId, images, parts }: Job, recipes: WaitingText): Promise<void> {
    if (parts) await writeParts(bucket, recipes, { jobId, images, parts });
    else await bucket.write(recipesKey(jobId), recipes.whole());
  }

  return async (event: unknown): Promise<Job> => {
    const { jobId, startedAt, input: raw } = eventSchema.parse(event);
    const parsed = parseJobInput(raw);
    const { input } = parsed;
    const { count, duplicates, models, recipes, starts, problems } = await readJobRecipes(raw, parsed, {
      bucket,
      defaultModel,
      limits,
    });
    if (problems.length || !input) refuse(problems);
    const deadline = input.readyBy && toDeadline(input.readyBy, input.timeZone, new Date(startedAt));
    // Last: a job that was refused claims nothing, so that it can be delivered again when its prompts file is there.
    const repeatOf = await findEarlier(jobId, input);
    const job = toJob(input, {
      jobId,
      startedAt,
      images: count,
      duplicates,
      models,
      readyBy: deadline ? new Date(deadline).toISOString() : undefined,
      repeatOf,
      // A part is the work of one execution, or it would never end.
      parts: input.partOf ? undefined : countParts(count, limits),
    });
    if (!repeatOf) {
      await keepStartImages(starts, bucket);
      await bucket.write(jobFileKey(jobId), JSON.stringify(job));
      await writeRecipes(job, recipes);
    }
    return job;
  };
}
