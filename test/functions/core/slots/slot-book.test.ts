import { describe, expect, it } from 'vitest';
import { parseSlotBook } from '../../../../functions/core/slots/slot-book.ts';

const slot = { jobId: 'a', jobName: 'a1', pool: 'p', vcpus: 4, until: 9, idle: true };
const want = { jobId: 'b', jobName: 'b1', vcpus: 8, since: 1, until: 9 };
const { pool: _pool, idle: _idle, ...oldSlot } = slot;
const { since: _since, ...oldWant } = want;

describe('the book of a quota', () => {
  it('is read as it was written', () => {
    const book = {
      slots: [slot, { ...slot, idle: false, since: 5, reused: { idleSecondsPaid: 70, ageSeconds: 9 } }],
      wants: [want],
    };
    expect(parseSlotBook(JSON.parse(JSON.stringify(book)))).toEqual(book);
  });

  it('takes a slot of an older version for one that works in no pool that is known, a want for the first in line', () => {
    expect(parseSlotBook({ slots: [oldSlot], wants: [oldWant] })).toEqual({
      slots: [{ ...slot, pool: '', idle: false }],
      wants: [{ ...want, since: 0 }],
    });
  });

  it.each([
    'junk',
    null,
    {},
    { ...slot, jobId: 1 },
    { ...slot, jobName: undefined },
    { ...slot, vcpus: 0 },
    { ...slot, vcpus: '4' },
    { ...slot, until: null },
    { ...slot, idle: 'yes' },
  ])('leaves out the slot %j', (entry) => {
    expect(parseSlotBook({ slots: [entry, slot], wants: [want] })).toEqual({ slots: [slot], wants: [want] });
  });

  it.each(['junk', { ...want, vcpus: -4 }, { ...want, since: 'long' }])('leaves out the want %j', (entry) => {
    expect(parseSlotBook({ slots: [slot], wants: [entry, want] })).toEqual({ slots: [slot], wants: [want] });
  });

  it.each([undefined, null, 'x', 5, {}, { slots: 'x' }, { wants: {} }])('is empty where %j is stored', (stored) => {
    expect(parseSlotBook(stored)).toEqual({ slots: [], wants: [] });
  });
});
