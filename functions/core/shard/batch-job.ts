import { z } from 'zod';

const text = z.string().nullish();
const number = z.number().nullish();
const flag = z.boolean().nullish();

/**
 * The fields of a Batch JobDetail that we read, in the PascalCase that Step Functions gives (`.sync` result, or the
 * Cause of its failure as a JSON text). Everything is optional: a job that never started has no container.
 */
export const batchJobSchema = z.object({
  JobId: z.string().optional(),
  Status: z.string().optional(),
  StatusReason: text,
  CreatedAt: number,
  StartedAt: number,
  StoppedAt: number,
  IsCancelled: flag,
  IsTerminated: flag,
  Container: z.object({ ExitCode: number, Reason: text, LogStreamName: text, ContainerInstanceArn: text }).nullish(),
});

export type BatchJob = Readonly<z.infer<typeof batchJobSchema>>;

/**
 * The job in a Cause, or undefined: a submit that failed has a Cause that is no JSON, a long one may be cut, and other JSON is no
 * job. Who gets undefined asks Batch for the job by its name.
 */
export function parseBatchJob(cause: string): BatchJob | undefined {
  try {
    const job = batchJobSchema.safeParse(JSON.parse(cause)).data;
    return job?.JobId ? job : undefined;
  } catch {
    return undefined;
  }
}
