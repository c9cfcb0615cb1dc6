import { describe, expect, it } from 'vitest';
import { emptyBook, type Slot, type SlotBook, type Want } from '../../../../functions/core/slots/slot-book.ts';
import type { SlotRequest } from '../../../../functions/core/slots/slot-request.ts';
import { freeSlot, leaveLine, takeSlot, toHeldSlots, usedVcpus } from '../../../../functions/core/slots/slots.ts';
import { aSlotRequest } from '../../../fakes/slot-request.ts';

const now = aSlotRequest().now;
const until = now + 3_600_000;
const ask = (jobName: string, over: Partial<SlotRequest> = {}) =>
  aSlotRequest({ jobId: jobName.slice(0, 1), jobName, pool: 'p', ...over });
const slot = (jobName: string, over: Partial<Slot> = {}): Slot => ({
  jobId: jobName.slice(0, 1),
  jobName,
  pool: 'p',
  vcpus: 4,
  until,
  idle: false,
  since: now,
  ...over,
});
const want = (jobName: string, over: Partial<Want> = {}): Want => ({
  jobId: jobName.slice(0, 1),
  jobName,
  vcpus: 4,
  since: now,
  until: now + 600_000,
  ...over,
});
const bookOf = (slots: readonly Slot[], wants: readonly Want[] = []): SlotBook => ({ slots, wants });

describe('taking a slot', () => {
  it('writes it into the book, with the numbers in the answer', () => {
    expect(takeSlot(emptyBook, ask('a1'))).toEqual({
      book: bookOf([slot('a1')]),
      answer: { answer: 'taken', code: 'L-3819A6DF', have: 8, used: 4, need: 4 },
    });
  });

  it('leaves the book that it read as it was', () => {
    const before = bookOf([slot('a1')], [want('b1')]);
    const copy = structuredClone(before);
    takeSlot(before, ask('b1'));
    takeSlot(before, ask('a2', { have: 4 }));
    freeSlot(before, 'a1', now);
    expect(before).toEqual(copy);
  });

  it('puts who is refused in line, for ten minutes', () => {
    const { book, answer } = takeSlot(bookOf([slot('a1'), slot('a2')]), ask('b1'));
    expect(answer).toEqual({ answer: 'full', code: 'L-3819A6DF', have: 8, used: 8, need: 4 });
    expect(book).toEqual(bookOf([slot('a1'), slot('a2')], [want('b1', { since: now, until: now + 600_000 })]));
  });

  it('keeps the place of who comes back, and lets it wait for ten more minutes', () => {
    const before = bookOf([slot('a1'), slot('a2')], [want('b1', { since: now - 500_000, until: now + 1 })]);
    const { book } = takeSlot(before, ask('b1'));
    expect(book.wants).toEqual([want('b1', { since: now - 500_000, until: now + 600_000 })]);
  });

  it('takes who gets one out of the line, and nobody else', () => {
    const { book } = takeSlot(bookOf([], [want('a1'), want('b1')]), ask('a1'));
    expect(book).toEqual(bookOf([slot('a1')], [want('b1')]));
  });

  it('sweeps what is over: slots and wants end at their time', () => {
    const before = bookOf([slot('a1', { until: now }), slot('a2', { until: now + 1 })], [want('c1', { until: now })]);
    expect(takeSlot(before, ask('b1')).book).toEqual(bookOf([slot('a2', { until: now + 1 }), slot('b1')]));
    expect(usedVcpus(before, now)).toBe(4);
    expect(usedVcpus(before, now + 1)).toBe(0);
    expect(usedVcpus(bookOf([slot('a1', { vcpus: 8 }), slot('a2', { idle: true })]), now)).toBe(12);
  });

  it('yields to a want that still stands, not to one that is over', () => {
    const waiting = (until: number) => bookOf([slot('a1')], [want('b1', { since: now - 1, until })]);
    expect(takeSlot(waiting(now + 1), ask('a2')).answer.answer).toBe('yield');
    expect(takeSlot(waiting(now), ask('a2')).answer.answer).toBe('taken');
  });

  it('lets nobody stand in line for more than the quota has', () => {
    const { book, answer } = takeSlot(bookOf([], [want('c1')]), ask('b1', { vcpus: 16 }));
    expect(answer.answer).toBe('full');
    expect(book.wants).toEqual([want('c1')]);
    expect(takeSlot(bookOf([slot('a1')]), ask('b1', { vcpus: 8 })).book.wants).toHaveLength(1);
  });

  it('counts where nobody knows the quota', () => {
    const full = bookOf([slot('a1'), slot('a2'), slot('a3')]);
    const { answer } = takeSlot(full, ask('a4', { have: undefined }));
    expect(answer).toEqual({ answer: 'taken', code: 'L-3819A6DF', have: undefined, used: 16, need: 4 });
  });
});

describe('an attempt that asks again', () => {
  it('has its slot, though the quota is full or smaller by now and others wait', () => {
    const before = bookOf([slot('a1'), slot('a2')], [want('b1', { since: 0 })]);
    const { book, answer } = takeSlot(before, ask('a1', { have: 4, until: until + 5, pool: 'q' }));
    expect(answer).toMatchObject({ answer: 'taken', used: 8 });
    expect(book).toEqual(bookOf([slot('a2'), slot('a1', { until: until + 5, pool: 'q' })], [want('b1', { since: 0 })]));
  });

  it('takes over no idle instance beside its slot', () => {
    const { book } = takeSlot(bookOf([slot('a1'), slot('b9', { idle: true })]), ask('a1'));
    expect(book.slots).toEqual([slot('b9', { idle: true }), slot('a1')]);
  });

  it('for another size is one that asks anew: its old slot is room, or lost', () => {
    const small = bookOf([slot('a1')]);
    expect(takeSlot(small, ask('a1', { vcpus: 8 })).book.slots).toEqual([slot('a1', { vcpus: 8 })]);
    const { book, answer } = takeSlot(bookOf([slot('a1'), slot('b1')]), ask('a1', { vcpus: 8 }));
    expect(answer).toMatchObject({ answer: 'full', used: 4 });
    expect(book).toEqual(bookOf([slot('b1')], [want('a1', { vcpus: 8 })]));
  });
});

describe('an instance that idles', () => {
  const idle = slot('a1', { idle: true, until: now + 100_000 });

  it('is taken over by the next job of its pool', () => {
    const { book, answer } = takeSlot(bookOf([idle]), ask('b1', { have: 4 }));
    expect(answer).toMatchObject({ answer: 'taken', used: 4 });
    expect(book.slots).toEqual([slot('b1', { reused: { idleSecondsPaid: 100, ageSeconds: 0 } })]);
  });

  it('is paid for by the attempt before, as long as it would have idled: who takes it over is told', () => {
    const first = takeSlot(bookOf([idle]), ask('b1', { now: now + 30_000 }));
    const reused = { idleSecondsPaid: 70, ageSeconds: 30 };
    expect(first.answer.reused).toEqual(reused);
    expect(takeSlot(bookOf([]), ask('b1')).answer).not.toHaveProperty('reused');
    // asked again, and again from elsewhere
    const again = takeSlot(first.book, ask('b1', { now: now + 60_000, until: until + 30_000 }));
    expect(again.answer.reused).toEqual(reused);
    expect(again.book).toEqual(first.book);
    const elsewhere = takeSlot(first.book, ask('b1', { now: now + 60_000, pool: 'q' }));
    expect(elsewhere.answer).not.toHaveProperty('reused');
    expect(elsewhere.book.slots).toEqual([slot('b1', { pool: 'q', since: now + 60_000, until: until + 60_000 })]);
  });

  it('grows older with each attempt that has it: EC2 bills a loss after its first hour', () => {
    const second = takeSlot(bookOf([idle]), ask('b1', { now: now + 30_000 })).book;
    const freed = freeSlot(second, 'b1', now + 3_600_000) ?? second;
    const third = takeSlot(freed, ask('c1', { now: now + 2_000_000, until: now + 9_000_000 }));
    expect(third.answer.reused).toEqual({ idleSecondsPaid: 1600, ageSeconds: 2000 });
  });

  it('of an older version, which wrote no times, is as old as its last attempt', () => {
    const { since: _, ...old } = idle;
    expect(takeSlot(bookOf([old]), ask('b1', { now: now + 30_000 })).answer.reused?.ageSeconds).toBe(0);
    expect(takeSlot(bookOf([{ ...old, jobName: 'b1', idle: false }]), ask('b1')).book.slots[0]?.since).toBe(now);
  });

  it.each([
    ['of another pool', { pool: 'q' }],
    ['of another size', { vcpus: 8 }],
  ])('%s holds its room', (_, over) => {
    const before = bookOf([{ ...idle, ...over }]);
    expect(takeSlot(before, ask('b1', { have: 8 })).answer.answer).toBe('vcpus' in over ? 'full' : 'taken');
    expect(takeSlot(before, ask('b1', { have: 4 })).answer.answer).toBe('full');
  });

  it('is the one that is gone first: Batch may take any of several, and none may be held for too short', () => {
    const later = { ...idle, jobName: 'a2', until: idle.until + 1 };
    expect(takeSlot(bookOf([later, idle]), ask('b1')).book.slots).toEqual([
      later,
      slot('b1', { reused: { idleSecondsPaid: 100, ageSeconds: 0 } }),
    ]);
    expect(takeSlot(bookOf([idle, later]), ask('b1')).book.slots).toEqual([
      later,
      slot('b1', { reused: { idleSecondsPaid: 100, ageSeconds: 0 } }),
    ]);
  });

  it('is one: two that idle are taken over one after the other', () => {
    const two = bookOf([idle, { ...idle, jobName: 'a2' }]);
    const first = takeSlot(two, ask('b1'));
    expect(first.book.slots.map(({ jobName }) => jobName)).toEqual(['a2', 'b1']);
    const second = takeSlot(first.book, ask('b2'));
    expect(second.book.slots.map(({ jobName }) => jobName)).toEqual(['b1', 'b2']);
  });

  it('stays in the book where its room is kept for another', () => {
    const before = bookOf([idle, slot('a2')], [want('b1', { since: 0 })]);
    const { book, answer } = takeSlot(before, ask('a3'));
    expect(answer).toMatchObject({ answer: 'yield', used: 8 });
    expect(book.slots).toEqual(before.slots);
  });

  it('does not take over what works', () => {
    expect(takeSlot(bookOf([slot('a1')]), ask('b1', { have: 4 })).answer.answer).toBe('full');
  });
});

describe('freeing a slot', () => {
  it('leaves it idle until the instance is gone', () => {
    expect(freeSlot(bookOf([slot('a1'), slot('a2')]), 'a1', now + 5)).toEqual(
      bookOf([slot('a1', { idle: true, until: now + 5 }), slot('a2')]),
    );
  });

  it('holds it no longer than it was held at most', () => {
    expect(freeSlot(bookOf([slot('a1')]), 'a1', until + 5)?.slots).toEqual([slot('a1', { idle: true })]);
  });

  it('changes nothing for an attempt that has none, or was freed before', () => {
    const book = bookOf([slot('a1', { idle: true }), slot('b1')], [want('c1')]);
    expect(freeSlot(book, 'a1', now)).toBeUndefined();
    expect(freeSlot(book, 'x', now)).toBeUndefined();
  });

  it('takes an attempt that waited out of the line', () => {
    expect(freeSlot(bookOf([slot('a1')], [want('a2'), want('b1')]), 'a2', now)).toEqual(
      bookOf([slot('a1')], [want('b1')]),
    );
  });

  it('puts its job behind the others in line, which went without for longer', () => {
    const wants = [want('a2', { since: 1 }), want('b1', { since: 2 })];
    const freed = freeSlot(bookOf([slot('a1')], wants), 'a1', now) ?? emptyBook;
    expect(freed.wants).toEqual([want('a2', { since: now }), want('b1', { since: 2 })]);
    // The quota has one slot: with equal shares the wait decides.
    expect(takeSlot(freed, ask('a2', { have: 4, now: now + 1 })).answer.answer).toBe('yield');
    expect(takeSlot(freed, ask('b1', { have: 4, now: now + 1 })).answer.answer).toBe('taken');
  });

  it('sets back nobody who came later than that', () => {
    const later = want('a2', { since: now + 9 });
    expect(freeSlot(bookOf([slot('a1')], [later]), 'a1', now)?.wants).toEqual([later]);
  });

  it('of an attempt that only waited sets nobody back', () => {
    const wants = [want('a2', { since: 1 }), want('a3', { since: 2 })];
    expect(freeSlot(bookOf([], wants), 'a2', now)?.wants).toEqual([want('a3', { since: 2 })]);
  });
});

it('what slots hold are the vCPUs of each quota, and the instances that idle', () => {
  const idle = slot('a1', { idle: true, until: now + 40_000 });
  const books = new Map([
    ['spot', bookOf([idle, slot('a2', { vcpus: 8 }), slot('a3', { idle: true, until: now })])],
    ['on-demand', bookOf([slot('b1', { idle: true, pool: 'q', until: now + 1 })])],
    ['none', bookOf([], [want('c1')])],
  ]);
  expect(toHeldSlots(books, now)).toEqual({
    vcpus: { spot: 12, 'on-demand': 4, none: 0 },
    idle: [
      { pool: 'p', secondsLeft: 40 },
      { pool: 'q', secondsLeft: 0.001 },
    ],
  });
});

describe('leaving the line', () => {
  it('takes the attempt out of it and no slot from anybody', () => {
    const book = bookOf([slot('a1')], [want('a1'), want('b1')]);
    expect(leaveLine(book, 'a1')).toEqual(bookOf([slot('a1')], [want('b1')]));
  });

  it('changes nothing for an attempt that is not in it', () => {
    expect(leaveLine(bookOf([slot('a1')], [want('b1')]), 'a1')).toBeUndefined();
  });

  it('gives the room that was kept to the next one', () => {
    const book = bookOf([slot('a1')], [want('b1', { since: 1 })]);
    expect(takeSlot(book, ask('a2')).answer.answer).toBe('yield');
    expect(takeSlot(leaveLine(book, 'b1') ?? emptyBook, ask('a2')).answer.answer).toBe('taken');
  });
});
