import { z } from 'zod';

/** The part of a pick that is needed to settle it. */
export const pickSchema = z.object({
  pool: z.string(),
  queue: z.string(),
  jobName: z.string(),
  usdPerHour: z.number(),
  onDemandUsdPerHour: z.number(),
  worstUsd: z.number(),
  /** What the instance is billed for before and after the container; absent: picked by an older version. */
  bootSeconds: z.number().optional(),
  idleSeconds: z.number().optional(),
  hostSeconds: z.number().optional(),
  note: z.string().optional(),
});

export type SettledPick = Readonly<z.infer<typeof pickSchema>>;
