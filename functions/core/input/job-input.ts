import { z } from 'zod';
import { type Problem, toProblems } from './problems.ts';
import { isText, promptField, recipeFields } from './recipe.ts';
import { scheduledSchema } from './scheduled.ts';

/** Images of one prompt: seeds `seed`, `seed + 1`, ... */
const count = z.int().min(1).max(10_000).optional();

export const timeZoneField = z
  .string()
  .refine(isTimeZone, { error: 'Expected `timeZone` to be an IANA time zone such as `Europe/Berlin`' });

const partOfSchema = z.strictObject({
  jobId: z.string().min(1).max(80),
  /** Of all parts, where `sameGpu` asks for it. */
  instanceType: z.string().min(1).max(32).optional(),
});

const promptObject = z.strictObject({ prompt: promptField, ...recipeFields, count });
const jobFields = {
  prompt: promptField.optional(),
  promptsFile: z.string().min(1).optional(),
  ...recipeFields,
  count,
  mode: z.enum(['run', 'plan']).default('run'),
  maxUsd: z.number().positive().optional(),
  maxUsdPerHour: z.number().positive().optional(),
  readyBy: z
    .string()
    .regex(
      /^([01]\d|2[0-3]):[0-5]\d$|^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/,
      'an ISO time with its zone, or HH:MM',
    )
    .refine((text) => !text.includes('T') || isOfCalendar(text), {
      error: 'Expected `readyBy` to be a time of the calendar',
    })
    .optional(),
  timeZone: timeZoneField.default('UTC'),
  onDemand: z.enum(['never', 'fallback', 'only']).default('never'),
  sameGpu: z.boolean().default(false),
  notify: z.string().min(1).max(64).refine(isText, { error: 'a text without control characters' }).default('all'),
  /** Put in by a schedule: which one, and for when. The same time of the same schedule is one job. */
  schedule: scheduledSchema.optional(),
  /** Put in by the workflow: the job that is rendered in parts, of which this is one. */
  partOf: partOfSchema.optional(),
};

const bareText = z.preprocess((value) => (typeof value === 'string' ? { prompt: value } : value), promptObject);

export const jobInputSchema = z.strictObject({ ...jobFields, prompts: z.array(bareText).min(1).optional() });

/** The same contract for other languages: `preprocess` has no JSON Schema, a union has. */
export const jobInputDocument = z.strictObject({
  ...jobFields,
  prompts: z
    .array(z.union([promptField, promptObject]))
    .min(1)
    .optional(),
});

export type JobInput = Readonly<z.infer<typeof jobInputSchema>>;
export type PromptItem = Readonly<z.infer<typeof promptObject>>;

/** `Date.parse` takes 30 February for 2 March. */
function isOfCalendar(time: string): boolean {
  return !Number.isNaN(Date.parse(time)) && z.iso.date().safeParse(time.slice(0, 10)).success;
}

/** `Intl` takes offsets such as `+01:00` as well, EventBridge Scheduler does not. */
function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
  return /^[A-Za-z]/.test(name);
}

export interface ParsedInput {
  readonly input?: JobInput;
  readonly problems: readonly Problem[];
}

/** The fields that are right on their own: what else is wrong can still be found with them. */
export function keepValidFields(raw: unknown): Partial<JobInput> {
  if (typeof raw !== 'object' || raw === null) return {};
  const fields = Object.entries(jobInputSchema.shape).flatMap(([name, field]) => {
    const parsed = name in raw ? field.safeParse(Reflect.get(raw, name)) : undefined;
    return parsed?.success ? [[name, parsed.data]] : [];
  });
  return Object.fromEntries(fields);
}

const sources = ['prompt', 'prompts', 'promptsFile'] as const;

/** Parses what StartExecution was given. Reports every problem, not the first one. */
export function parseJobInput(raw: unknown): ParsedInput {
  const parsed = jobInputSchema.safeParse(raw);
  const problems = parsed.success ? [] : [...toProblems(parsed.error, raw)];
  const given = typeof raw === 'object' && raw !== null ? sources.filter((source) => source in raw) : [];
  if (given.length !== 1 && typeof raw === 'object') {
    const found = given.length ? given.map((source) => `\`${source}\``).join(' and ') : 'none';
    problems.push({
      path: 'input',
      message: `Expected exactly one of \`prompt\`, \`prompts\` or \`promptsFile\`, got ${found}`,
    });
  }
  return { input: problems.length ? undefined : parsed.data, problems };
}

/** One prompt of a prompts file, with its problems below `prefix` (`line 3`). */
export function parsePromptItem(raw: unknown, prefix: string): { item?: PromptItem; problems: readonly Problem[] } {
  const parsed = bareText.safeParse(raw);
  if (parsed.success) return { item: parsed.data, problems: [] };
  const value = typeof raw === 'string' ? { prompt: raw } : raw;
  return { problems: toProblems(parsed.error, value, [prefix]) };
}
