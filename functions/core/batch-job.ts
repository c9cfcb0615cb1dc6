import { z } from 'zod';

/**
 * The fields of a Batch JobDetail that we read, in the PascalCase that Step Functions gives (`.sync` result, or the
 * Cause of its failure as a JSON text). Everything is optional: a job that never started has no container.
 */
export const batchJobSchema = z.object({
  JobId: z.string().optional(),
  Status: z.string().optional(),
  StatusReason: z.string().nullish(),
  CreatedAt: z.number().nullish(),
  StartedAt: z.number().nullish(),
  StoppedAt: z.number().nullish(),
  Container: z
    .object({ ExitCode: z.number().nullish(), Reason: z.string().nullish(), LogStreamName: z.string().nullish() })
    .nullish(),
});

export type BatchJob = Readonly<z.infer<typeof batchJobSchema>>;

/** The job in a Cause, or undefined: a submit that failed has a Cause that is no JSON. */
export function parseBatchJob(cause: string): BatchJob | undefined {
  try {
    return batchJobSchema.safeParse(JSON.parse(cause)).data;
  } catch {
    return undefined;
  }
}
