import { z } from 'zod';

/** How far a worker says that it is: `attempts/<shard>-<attempt>.progress.json`, written by `container/worker/progress.py`. */
const progressSchema = z.object({
  version: z.literal(1),
  shard: z.int().min(0),
  attempt: z.int().min(1),
  done: z.int().min(0),
  total: z.int().min(0),
  imagesPerSecond: z.number().nullish(),
  secondsLeft: z.number().nullish(),
  /** ISO time */
  at: z.string(),
});

export type AttemptProgress = Readonly<z.infer<typeof progressSchema>>;

/** Undefined: the text is no such record. */
export function parseProgress(text: string): AttemptProgress | undefined {
  try {
    return progressSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
