import { z } from 'zod';
import { toDeadline } from './core/deadline.ts';
import { InvalidJob, InvalidPrompt } from './core/errors.ts';
import { expandPrompts } from './core/expand-prompts.ts';
import { type Job, toJob } from './core/job.ts';
import { keepValidFields, parseJobInput } from './core/job-input.ts';
import { recipesKey } from './core/keys.ts';
import { toJsonLines } from './core/manifest.ts';
import type { Bucket } from './core/ports.ts';
import { formatProblems, type Problem } from './core/problems.ts';
import { readPrompts, readWildcards } from './core/read-prompts.ts';

const eventSchema = z.object({ jobId: z.string().min(1), startedAt: z.string(), input: z.unknown() });

export interface ValidatePromptsDeps {
  readonly bucket: Bucket;
  readonly defaultModel: string;
}

/** Problems of the prompts and their recipe fields alone are InvalidPrompt, anything else is InvalidJob. */
const ofPrompts =
  /^(prompts?($|\[|\.)|(model|negativePrompt|seed|width|height|steps|guidance|scheduler|loras|count)($|\[|\.))/;

function refuse(problems: readonly Problem[]): never {
  const text = formatProblems(problems);
  if (problems.every((found) => ofPrompts.test(found.path) && !found.message.includes('Expected no field'))) {
    throw new InvalidPrompt(text);
  }
  throw new InvalidJob(text);
}

/** Parses the input, expands the prompts, reports all problems at once before anything is spent, writes the recipes. */
export function makeValidatePrompts({ bucket, defaultModel }: ValidatePromptsDeps) {
  return async (event: unknown): Promise<Job> => {
    const { jobId, startedAt, input: raw } = eventSchema.parse(event);
    const { input, problems } = parseJobInput(raw);
    const valid = input ?? keepValidFields(raw);
    const given = await readPrompts(raw, valid, bucket);
    const wildcards = await readWildcards(given.items, bucket);
    const options = { defaultModel, pathOf: given.pathOf, wildcards: wildcards.lists };
    // Without any prompt that can be read, a stand-in shows what is wrong with the rest.
    const items = given.items.length ? given.items : [{ prompt: 'none' }];
    const expansion = expandPrompts(items, valid, options);
    const all = [...problems, ...given.problems, ...wildcards.problems, ...expansion.problems];
    if (all.length || !input) refuse(all);
    const deadline = input.readyBy && toDeadline(input.readyBy, input.timeZone, new Date(startedAt));
    await bucket.write(recipesKey(jobId), toJsonLines(expansion.images));
    return toJob(input, {
      jobId,
      startedAt,
      images: expansion.images.length,
      duplicates: expansion.duplicates,
      models: [...new Set(expansion.images.map((image) => image.recipe.model))],
      readyBy: deadline ? new Date(deadline).toISOString() : undefined,
    });
  };
}
