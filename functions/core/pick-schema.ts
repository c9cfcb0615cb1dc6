import { z } from 'zod';

/** The part of a pick that is needed to settle it. */
export const pickSchema = z.object({
  pool: z.string(),
  queue: z.string(),
  jobName: z.string(),
  usdPerHour: z.number(),
  onDemandUsdPerHour: z.number(),
  worstUsd: z.number(),
});

export type SettledPick = Readonly<z.infer<typeof pickSchema>>;
