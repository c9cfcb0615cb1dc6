import { z } from 'zod';
import { toDeadline } from './core/deadline.ts';
import { InvalidJob, InvalidPrompt } from './core/errors.ts';
import { type Job, toJob } from './core/job.ts';
import { type JobInput, parseJobInput } from './core/job-input.ts';
import { jobFileKey, recipesKey } from './core/keys.ts';
import type { Bucket, Claims } from './core/ports.ts';
import { formatProblems, type Problem } from './core/problems.ts';
import { readJobRecipes } from './core/read-job-recipes.ts';
import { keepStartImages } from './core/start-images.ts';

const eventSchema = z.object({ jobId: z.string().min(1), startedAt: z.string(), input: z.unknown() });

export interface ValidatePromptsDeps {
  readonly bucket: Bucket;
  readonly claims: Claims;
  readonly defaultModel: string;
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
export function makeValidatePrompts({ bucket, claims, defaultModel }: ValidatePromptsDeps) {
  /** The job that started for the same scheduled time before; undefined where this one is the first. */
  async function findEarlier(jobId: string, { schedule }: JobInput): Promise<string | undefined> {
    const holder = schedule && (await claims.claim({ schedule: schedule.name, time: schedule.time, jobId }));
    return holder === jobId ? undefined : holder;
  }

  return async (event: unknown): Promise<Job> => {
    const { jobId, startedAt, input: raw } = eventSchema.parse(event);
    const parsed = parseJobInput(raw);
    const { input } = parsed;
    const { count, duplicates, models, recipes, starts, problems } = await readJobRecipes(raw, parsed, {
      bucket,
      defaultModel,
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
    });
    if (!repeatOf) {
      await keepStartImages(starts, bucket);
      await bucket.write(jobFileKey(jobId), JSON.stringify(job));
      await bucket.write(recipesKey(jobId), recipes.whole());
    }
    return job;
  };
}
