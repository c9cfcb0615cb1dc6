import { z } from 'zod';
import { emptyBook, type Slot, type SlotBook, type Want } from './slots.ts';

const common = { jobId: z.string(), jobName: z.string(), vcpus: z.number().positive(), until: z.number() };
// A field that an older version did not write has the meaning that holds nothing back for long.
const slotSchema: z.ZodType<Slot> = z.object({
  ...common,
  pool: z.string().default(''),
  idle: z.boolean().default(false),
  reused: z.object({ idleSecondsPaid: z.number(), ageSeconds: z.number() }).optional().catch(undefined),
  since: z.number().optional().catch(undefined),
});
const wantSchema: z.ZodType<Want> = z.object({ ...common, since: z.number().default(0) });

const list = <T>(schema: z.ZodType<T>, value: unknown): readonly T[] =>
  (Array.isArray(value) ? value : []).flatMap((entry) => schema.safeParse(entry).data ?? []);

/** The book as it is stored, by whichever version: what can't be read is left out, its attempt runs on without a slot. */
export function parseSlotBook(stored: unknown): SlotBook {
  const book = z.object({ slots: z.unknown(), wants: z.unknown() }).partial().safeParse(stored).data;
  return book ? { slots: list(slotSchema, book.slots), wants: list(wantSchema, book.wants) } : emptyBook;
}
