import { z } from 'zod';
import type { PoolMemory, SpeedMemory } from './learn.ts';

const kept = z.object({
  at: z.number(),
  secondsPerStep: z.number().positive(),
  loadSeconds: z.number().min(0).default(0),
  weight: z.number().positive().max(1).default(1),
  compileSeconds: z.number().min(0).optional(),
});
const boot = z.object({ at: z.number(), seconds: z.number().min(0) });
const count = z.number().min(0).catch(0);

/** Entries that can be read; an older version may have written others. */
const readable = <T>(schema: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((entries) => entries.flatMap((entry) => schema.safeParse(entry).data ?? []));

const speedSchema = z.object({
  model: z.string(),
  size: z.string(),
  instanceType: z.string(),
  samples: readable(kept),
  layout: z
    .object({ computeBatch: z.int().min(1), decodeBatch: z.int().min(1) })
    .optional()
    .catch(undefined),
});
const poolSchema = z.object({
  pool: z.string(),
  at: z.number(),
  hours: count,
  losses: count,
  refusals: count,
  successes: count,
  // Once the last one alone.
  refusedAt: z.union([z.array(z.number()), z.number().transform((at) => [at])]).catch([]),
  boots: readable(boot),
});

/** What is stored of a speed; undefined where nothing can be read: it is learned anew. */
export function parseSpeedMemory(stored: unknown): SpeedMemory | undefined {
  const memory = speedSchema.safeParse(stored).data;
  return memory?.samples.length ? memory : undefined;
}

export const parsePoolMemory = (stored: unknown): PoolMemory | undefined => poolSchema.safeParse(stored).data;
