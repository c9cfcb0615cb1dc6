import { emptyBook, type SlotBook } from '../../functions/core/slots/slot-book.ts';
import type { Slots } from '../../functions/core/slots/slot-request.ts';
import { freeSlot, leaveLine, takeSlot, toHeldSlots } from '../../functions/core/slots/slots.ts';

export interface FakeSlots extends Slots {
  /** By quota code. */
  readonly books: ReadonlyMap<string, SlotBook>;
  /** Attempts that were freed, with the time at which the instance is gone. */
  readonly freed: readonly { readonly jobName: string; readonly goneAt: number }[];
}

export function makeFakeSlots(now: () => number): FakeSlots {
  const books = new Map<string, SlotBook>();
  const freed: { jobName: string; goneAt: number }[] = [];
  return {
    books,
    freed,
    take: async (request) => {
      if (!request.code || !request.jobName || !(request.vcpus > 0))
        throw new TypeError('Expected a quota, an attempt and vCPUs');
      if (!(request.until > request.now)) throw new TypeError('Expected a slot to be held for a while');
      const { book, answer } = takeSlot(books.get(request.code) ?? emptyBook, request);
      books.set(request.code, book);
      return answer;
    },
    free: async (jobName, goneAt) => {
      if (!jobName || !Number.isFinite(goneAt)) throw new TypeError('Expected an attempt and a time');
      freed.push({ jobName, goneAt });
      for (const [code, book] of books) books.set(code, freeSlot(book, jobName, goneAt) ?? book);
    },
    leave: async (code, jobName) => {
      const book = books.get(code);
      const left = book && leaveLine(book, jobName);
      if (left) books.set(code, left);
    },
    held: async () => toHeldSlots(books, now()),
  };
}
