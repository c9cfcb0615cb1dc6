import { z } from 'zod';
import type { Job } from './job.ts';
import { scheduledSchema } from './scheduled.ts';

/** `Job` as it comes back from a variable of the state machine: absent fields may be null. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const jobSchema: z.ZodType<Job> = z.object({
  jobId: z.string().min(1),
  startedAt: z.string(),
  mode: z.enum(['run', 'plan']),
  images: z.int().min(1),
  duplicates: z.int().min(0),
  models: z.array(z.string()),
  onDemand: z.enum(['never', 'fallback', 'only']),
  sameGpu: z.boolean(),
  notify: z.string(),
  maxUsd: optional(z.number()),
  maxUsdPerHour: optional(z.number()),
  readyBy: optional(z.string()),
  schedule: optional(scheduledSchema),
  parts: optional(z.int().min(1)),
  partOf: optional(z.string()),
  instanceType: optional(z.string()),
});
