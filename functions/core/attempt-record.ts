import { z } from 'zod';
import { errorTable } from './errors.ts';

const seconds = z.number().min(0);
const outcomes = ['Succeeded', ...errorTable.map((entry) => entry.name)] as const;

/** What the worker writes at every end it can see: `jobs/<job>/attempts/<shard>-<attempt>.json`. Seconds. */
export const attemptRecordSchema = z.object({
  version: z.literal(1),
  jobId: z.string(),
  shard: z.int().min(0),
  attempt: z.int().min(1),
  pool: z.string(),
  outcome: z.enum(outcomes),
  message: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  phases: z.object({
    importSeconds: seconds,
    downloadSeconds: seconds,
    loadSeconds: seconds,
    renderSeconds: seconds,
    uploadSeconds: seconds,
  }),
  device: z.string(),
  computeBatch: z.int().min(0),
  images: z.array(z.object({ hash: z.string(), seconds, pixelHash: z.string() })),
  skipped: z.int().min(0),
  failed: z.array(z.object({ hash: z.string(), error: z.string(), message: z.string() })),
  versions: z.record(z.string(), z.string()),
});

/** The record, or undefined: a file that is none is a loss of detail, not of the job. */
export function parseAttemptRecord(text: string): AttemptRecord | undefined {
  try {
    return attemptRecordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export type AttemptRecord = Readonly<z.infer<typeof attemptRecordSchema>>;
