import { z } from 'zod';
import { timerPrefix } from '../schedule-group.ts';
import { makeExpander } from './expand-prompts.ts';
import { keepValidFields, parseJobInput, timeZoneField } from './job-input.ts';
import { type Problem, toProblems } from './problems.ts';
import { promptsFileKinds } from './prompts-file.ts';
import { inlinePrompts, standIn } from './read-prompts.ts';
import { scheduleName } from './scheduled.ts';
import { checkJobStrength } from './start-images.ts';

/** EventBridge Scheduler and a state take 256 KB; the workflow adds its own fields. */
const largestInput = 250_000;

const expression = z
  .string()
  .regex(
    /^(rate\([1-9]\d* (minute|hour|day)s?\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\(\S+( \S+){5}\))$/,
    '`cron(…)` with six fields, `rate(…)` or `at(…)` as EventBridge Scheduler writes them',
  )
  .refine(leavesOneDayOpen, {
    error: 'Expected `expression` to hold one `?`: `cron(…)` has a day of the month or a day of the week, not both',
  });

/** A file `schedules/*.json`. */
export const scheduleSchema = z.strictObject({
  name: scheduleName.refine((name) => !name.startsWith(timerPrefix), {
    error: `Expected \`name\` not to begin with \`${timerPrefix}\`: timers of ours are called so`,
  }),
  description: z.string().max(512).optional(),
  expression,
  timeZone: timeZoneField,
  enabled: z.boolean().default(true),
  /** What StartExecution is given; checked as at night. */
  input: z.looseObject({}),
});

export type Schedule = Readonly<z.infer<typeof scheduleSchema>>;

export interface CheckedSchedule {
  readonly schedule?: Schedule;
  readonly problems: readonly Problem[];
}

function leavesOneDayOpen(text: string): boolean {
  const fields = /^cron\((.+)\)$/.exec(text)?.[1]?.split(' ') ?? [];
  return fields.length !== 6 || (fields[2] === '?') !== (fields[4] === '?');
}

function checkPromptsFile(uri: string | undefined): readonly Problem[] {
  if (uri === undefined) return [];
  if (uri.startsWith('s3://') && promptsFileKinds.some((kind) => uri.endsWith(kind))) return [];
  const wanted = `to begin with \`s3://\` and to end with ${promptsFileKinds.join(', ')}`;
  return [{ path: 'promptsFile', message: `Expected \`promptsFile\` ${wanted}, got \`${uri}\`` }];
}

/** What lies in the bucket is checked when the schedule fires. */
function checkInput(raw: object, defaultModel: string): readonly Problem[] {
  const problems: Problem[] = [];
  if ('schedule' in raw) {
    const message = 'Expected no field `schedule` in `input`: the schedule puts it in';
    problems.push({ path: 'schedule', message });
  }
  const size = new TextEncoder().encode(JSON.stringify(raw)).length;
  if (size > largestInput) {
    const message = `Expected \`input\` to have at most ${largestInput} bytes, got ${size}. To fix: use \`promptsFile\``;
    problems.push({ path: 'input', message });
  }
  const parsed = parseJobInput(raw);
  const valid = parsed.input ?? keepValidFields(raw);
  const { items, pathOf } = inlinePrompts(raw, valid);
  const expander = makeExpander(valid, { defaultModel, pathOf });
  // One by one: the images themselves are not wanted.
  for (const item of items.length ? items : [standIn]) expander.add([item]);
  const mayStart =
    valid.promptsFile !== undefined || [valid, ...items].some(({ startImage }) => startImage !== undefined);
  problems.push(...parsed.problems, ...checkPromptsFile(valid.promptsFile), ...expander.end().problems);
  return [...problems, ...checkJobStrength(valid, mayStart)];
}

/** All that is wrong with a schedule before it is deployed, each problem with its path in the file. */
export function checkSchedule(raw: unknown, defaultModel: string): CheckedSchedule {
  const parsed = scheduleSchema.safeParse(raw);
  const own = parsed.success ? [] : toProblems(parsed.error, raw);
  const input: unknown = Reflect.get(Object(raw), 'input');
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  const inner = isObject ? checkInput(input, defaultModel) : [];
  const below = inner.map(({ path, message }) => ({ path: path === 'input' ? path : `input.${path}`, message }));
  const problems = [...own, ...below];
  return { schedule: problems.length ? undefined : parsed.data, problems };
}

/** The input as EventBridge Scheduler delivers it: it replaces the placeholder by the time of the schedule, not of the delivery. */
export function toScheduledInput({ name, input }: Schedule): Readonly<Record<string, unknown>> {
  return { ...input, schedule: { name, time: '<aws.scheduler.scheduled-time>' } };
}
