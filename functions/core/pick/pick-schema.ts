import { z } from 'zod';

/** A row of a ranking, as a plan and a pick show it. */
export const rankedRowSchema = z.object({
  pool: z.string(),
  gpu: z.string(),
  usdPerHour: z.number(),
  usdPerImage: z.number(),
  minutes: z.number(),
  why: z.string(),
});

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
  /** For the report alone. */
  ranked: z.array(rankedRowSchema).readonly().optional(),
});

export type SettledPick = Readonly<z.infer<typeof pickSchema>>;

/** What an attempt is settled by. */
export type Priced = Pick<
  SettledPick,
  'note' | 'pool' | 'usdPerHour' | 'onDemandUsdPerHour' | 'bootSeconds' | 'idleSeconds' | 'hostSeconds' | 'ranked'
>;
