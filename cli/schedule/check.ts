import { InvalidJob } from '../../functions/core/errors.ts';
import type { Job } from '../../functions/core/input/job.ts';
import { formatProblems } from '../../functions/core/input/problems.ts';
import { checkSchedule, type Schedule } from '../../functions/core/input/schedule.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { makeValidatePrompts } from '../../functions/validate-prompts.ts';
import type { Target } from '../target/target.ts';

/** Reads as at night and writes nothing. */
const readOnly = (bucket: Bucket): Bucket => ({
  ...bucket,
  write: async () => {},
  writeOnce: async () => true,
});

export interface Checked {
  readonly schedule: Schedule;
  /** What a night would be told to render. */
  readonly job: Job;
}

/**
 * By the code that checks it at night, prompts file and lists included.
 * @throws InvalidJob, InvalidPrompt as at night
 */
export async function checkAsAtNight(raw: unknown, target: Target): Promise<Checked> {
  const defaultModel = target.output('DefaultModel');
  const { schedule, problems } = checkSchedule(raw, defaultModel);
  if (!schedule) throw new InvalidJob(formatProblems(problems));
  const startedAt = new Date().toISOString();
  const validate = makeValidatePrompts({
    bucket: readOnly(target.bucket),
    claims: { claim: async ({ jobId }) => jobId },
    defaultModel,
  });
  const input = { ...schedule.input, schedule: { name: schedule.name, time: startedAt } };
  return { schedule, job: await validate({ jobId: `${schedule.name}-check`, startedAt, input }) };
}
