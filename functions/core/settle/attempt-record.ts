import { z } from 'zod';
import { errorTable } from '../errors.ts';

const seconds = z.number().min(0);
const outcomes = ['Succeeded', ...errorTable.map((entry) => entry.name)] as const;

/** Of one size, `<width>x<height>`: how many pictures were computed and decoded together, and what warming up took. */
const sizeSchema = z.object({
  computeBatch: z.int().min(1),
  decodeBatch: z.int().min(1),
  isCompiled: z.boolean(),
  warmUpSeconds: seconds,
});

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
    loadSeconds: seconds,
    renderSeconds: seconds,
    uploadSeconds: seconds,
  }),
  /** Empty if it never loaded a model. */
  device: z.string(),
  computeBatch: z.int().min(0),
  /** How the worker made the model fast, e.g. `channels-last+fused-qkv`; empty if it never loaded one. */
  mode: z.string().optional(),
  sizes: z.record(z.string(), sizeSchema).optional(),
  images: z.array(
    z.object({
      hash: z.string(),
      seconds,
      pixelHash: z.string(),
      /** What made it, also where memory or the compiler failed later; absent, as the next two: written by an older worker. */
      computeBatch: z.int().min(1).optional(),
      decodeBatch: z.int().min(1).optional(),
      mode: z.string().optional(),
      /** The seed that made it, where the safety policy chose another than the recipe's. */
      effectiveSeed: z.int().min(0).max(0xffffffff).optional(),
      /** Whether a checker looked: `unchecked` means that the policy asked for one and none was there. */
      safety: z.enum(['passed', 'unchecked', 'off']).optional(),
    }),
  ),
  skipped: z.int().min(0),
  failed: z.array(z.object({ hash: z.string(), error: z.string(), message: z.string() })),
  /** Rendered, flagged by the checker and not uploaded: expected = delivered + blocked + failed. */
  blocked: z.array(z.object({ hash: z.string(), reason: z.string() })).optional(),
  /** What looked at the pictures; null where nothing did. */
  checker: z.string().nullable().optional(),
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
