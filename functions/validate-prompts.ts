import { z } from 'zod';
import { toDeadline } from './core/deadline.ts';
import { InvalidJob, InvalidPrompt } from './core/errors.ts';
import { expandPrompts } from './core/expand-prompts.ts';
import { type Job, toJob } from './core/job.ts';
import { type JobInput, keepValidFields, type ParsedInput, parseJobInput } from './core/job-input.ts';
import { jobFileKey, recipesKey } from './core/keys.ts';
import { toJsonLines } from './core/manifest.ts';
import type { Bucket, Claims } from './core/ports.ts';
import { formatProblems, type Problem } from './core/problems.ts';
import { orStandIn, readBlocklist, readPrompts, readWildcards } from './core/read-prompts.ts';
import { keepStartImages, readStartImages } from './core/start-images.ts';

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

  /** The recipes of the input, what they start from, and all that is wrong with it. */
  async function read(raw: unknown, { input, problems }: ParsedInput) {
    const valid = input ?? keepValidFields(raw);
    const given = await readPrompts(raw, valid, bucket);
    const [wildcards, pictures, rules] = await Promise.all([
      readWildcards(given.items, bucket),
      readStartImages(given.items, valid, bucket),
      readBlocklist(bucket),
    ]);
    const expansion = expandPrompts(orStandIn(given.items), valid, {
      ...{ defaultModel, pathOf: given.pathOf, wildcards: wildcards.lists },
      ...{ starts: pictures.starts, blocklist: rules.blocklist },
    });
    const found = [given, wildcards, pictures, rules, expansion].flatMap((part) => part.problems);
    return { expansion, starts: pictures.starts, problems: [...problems, ...found] };
  }

  return async (event: unknown): Promise<Job> => {
    const { jobId, startedAt, input: raw } = eventSchema.parse(event);
    const parsed = parseJobInput(raw);
    const { input } = parsed;
    const { expansion, starts, problems } = await read(raw, parsed);
    if (problems.length || !input) refuse(problems);
    const deadline = input.readyBy && toDeadline(input.readyBy, input.timeZone, new Date(startedAt));
    // Last: a job that was refused claims nothing, so that it can be delivered again when its prompts file is there.
    const repeatOf = await findEarlier(jobId, input);
    const job = toJob(input, {
      jobId,
      startedAt,
      images: expansion.images.length,
      duplicates: expansion.duplicates,
      models: [...new Set(expansion.images.map((image) => image.recipe.model))],
      readyBy: deadline ? new Date(deadline).toISOString() : undefined,
      repeatOf,
    });
    if (!repeatOf) {
      await keepStartImages(starts, bucket);
      await bucket.write(jobFileKey(jobId), JSON.stringify(job));
      await bucket.write(recipesKey(jobId), toJsonLines(expansion.images));
    }
    return job;
  };
}
