import { z } from 'zod';
import type { Reused } from './slot-request.ts';

export interface Slot {
  readonly jobId: string;
  readonly jobName: string;
  readonly pool: string;
  readonly vcpus: number;
  readonly until: number;
  /** The attempt is over, the instance idles until Batch ends it: no job's slot any more, and not free. */
  readonly idle: boolean;
  readonly reused?: Reused;
  /** When it was taken; absent: by an older version. */
  readonly since?: number;
}

/** An attempt that was refused. */
export interface Want {
  readonly jobId: string;
  readonly jobName: string;
  readonly vcpus: number;
  /** Without a slot since. */
  readonly since: number;
  readonly until: number;
}

/** All that is known of one quota. */
export interface SlotBook {
  readonly slots: readonly Slot[];
  readonly wants: readonly Want[];
}

export const emptyBook: SlotBook = { slots: [], wants: [] };

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
