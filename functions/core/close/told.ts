import { z } from 'zod';

/** Longer than a message takes to be sent: a claim that is older and says of no message is that of a call that was cut off. */
export const sendingSeconds = 60;

const toldSchema = z.object({
  /** milliseconds since the epoch: when the sending began */
  at: z.number(),
  sent: z.boolean().default(false),
});

/** `jobs/<job>/told.json`: that Clean up job tells of a job's end, written before its message and again after it. */
export type Told = z.input<typeof toldSchema>;

/** What an older version wrote stands for a message that was sent. */
export function readTold(text: string | undefined): z.output<typeof toldSchema> {
  try {
    return toldSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return { at: 0, sent: true };
  }
}
