import { z } from 'zod';
import type { QueuedJob } from '../batch-queue.ts';
import { lookSchema } from './look-again.ts';

const variable = z.object({ name: z.string(), value: z.string().nullish() });

/** The fields of a JobDetail that both events of EventBridge carry, in its camelCase. */
const detailSchema = z.object({
  jobId: z.string().min(1),
  jobName: z.string().min(1),
  jobQueue: z.string().min(1),
  status: z.string().min(1),
  statusReason: z.string().nullish(),
  createdAt: z.number().nullish(),
  startedAt: z.number().nullish(),
  container: z.object({ environment: z.array(variable).nullish() }).nullish(),
});

const batchEventSchema = z.object({
  'detail-type': z.enum(['Batch Job Queue Blocked', 'Batch Job State Change']),
  time: z.iso.datetime(),
  detail: detailSchema,
});

/** Who invokes Explain waiting: EventBridge with an event of AWS Batch, or a timer of ours. */
export const waitTriggerSchema = z.union([z.object({ look: lookSchema }), batchEventSchema]);

export type BatchEvent = Readonly<z.infer<typeof batchEventSchema>>;

export function toQueuedJob({ detail }: BatchEvent): QueuedJob {
  const { jobId: id, jobName, jobQueue, status, statusReason, createdAt, startedAt } = detail;
  const queue = jobQueue.split('/').at(-1) ?? '';
  return {
    id,
    jobName,
    queue,
    status,
    statusReason: statusReason ?? '',
    createdAt: createdAt ?? undefined,
    startedAt: startedAt ?? undefined,
  };
}

/** Our job, as the workflow tells it to the worker; undefined for a job that is not the workflow's. */
export function jobIdOf({ detail }: BatchEvent): string | undefined {
  return detail.container?.environment?.find(({ name }) => name === 'JOB_ID')?.value || undefined;
}
