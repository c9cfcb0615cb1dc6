import { z } from 'zod';
import type { Tried } from './attempt.ts';

export const triedSchema: z.ZodType<Tried> = z.object({
  closedPools: z.array(z.string()),
  vramAboveGib: z.number(),
  waits: z.int().min(0),
  counts: z.record(z.string(), z.int()),
});
