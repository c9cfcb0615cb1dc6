import { z } from 'zod';
import { toDeadline } from './core/deadline.ts';
import { InvalidJob, InvalidPrompt } from './core/errors.ts';
import { expandPrompts } from './core/expand-prompts.ts';
import { type Job, toJob } from './core/job.ts';
import { type JobInput, type PromptItem, parseJobInput } from './core/job-input.ts';
import { recipesKey } from './core/keys.ts';
import { toJsonLines } from './core/manifest.ts';
import type { Bucket } from './core/ports.ts';
import { formatProblems, type Problem } from './core/problems.ts';
import { type PromptsFile, parsePromptsFile, promptsFileKinds } from './core/prompts-file.ts';
import { parseWildcardList, wildcardKey, wildcardNames } from './core/wildcards.ts';

const eventSchema = z.object({ jobId: z.string().min(1), startedAt: z.string(), input: z.unknown() });

export interface ValidatePromptsDeps {
  readonly bucket: Bucket;
  readonly defaultModel: string;
}

const problem = (message: string): PromptsFile => ({ items: [], problems: [{ path: 'promptsFile', message }] });

/** Reads `s3://<our bucket>/<key>`: other buckets are refused, the function may read no other. */
async function readPromptsFile(uri: string, bucket: Bucket): Promise<PromptsFile> {
  const prefix = `s3://${bucket.name}/`;
  if (!uri.startsWith(prefix)) {
    return problem(`Expected \`promptsFile\` to begin with \`${prefix}\`, got \`${uri}\``);
  }
  if (!promptsFileKinds.some((kind) => uri.endsWith(kind))) {
    return problem(`Expected \`promptsFile\` to end with ${promptsFileKinds.join(', ')}, got \`${uri}\``);
  }
  const text = await bucket.read(uri.slice(prefix.length));
  if (text === undefined) return problem(`Expected \`promptsFile\` to exist, found nothing at \`${uri}\``);
  return parsePromptsFile(uri, text);
}

interface Given {
  readonly items: readonly PromptItem[];
  readonly problems: readonly Problem[];
  readonly pathOf: (index: number) => readonly PropertyKey[];
}

async function readPrompts(raw: unknown, input: JobInput | undefined, bucket: Bucket): Promise<Given> {
  const uri: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'promptsFile') : undefined;
  if (typeof uri === 'string' && uri) {
    const file = await readPromptsFile(uri, bucket);
    return { ...file, pathOf: (index) => [`promptsFile prompt ${index + 1}`] };
  }
  if (input?.prompts) return { items: input.prompts, problems: [], pathOf: (index) => ['prompts', index] };
  const items = input?.prompt === undefined ? [] : [{ prompt: input.prompt }];
  return { items, problems: [], pathOf: () => [] };
}

/** The lists that the prompts name; a name without a list is a problem. */
async function readWildcards(items: readonly PromptItem[], bucket: Bucket) {
  const lists = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  for (const name of wildcardNames(items.map((item) => item.prompt))) {
    const list = parseWildcardList((await bucket.read(wildcardKey(name))) ?? '');
    lists.set(name, list);
    if (list.length) continue;
    const uri = `s3://${bucket.name}/${wildcardKey(name)}`;
    problems.push({
      path: 'prompt',
      message: `Expected \`__${name}__\` to have a list at \`${uri}\`, found no entry there`,
    });
  }
  return { lists, problems };
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
    const given = await readPrompts(raw, input, bucket);
    const wildcards = await readWildcards(given.items, bucket);
    const options = { defaultModel, pathOf: given.pathOf, wildcards: wildcards.lists };
    const expansion = expandPrompts(given.items, input ?? {}, options);
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
