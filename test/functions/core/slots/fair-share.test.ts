import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inLine } from '../../../../functions/core/slots/fair-share.ts';
import type { Slot, Want } from '../../../../functions/core/slots/slot-book.ts';

/** `a1` is an attempt of job `a`. */
const want = (jobName: string, over: Partial<Want> = {}): Want => ({
  jobId: jobName.slice(0, 1),
  jobName,
  vcpus: 4,
  since: 0,
  until: 1e6,
  ...over,
});
const slot = (jobName: string, over: Partial<Slot> = {}): Slot => ({
  jobId: jobName.slice(0, 1),
  jobName,
  pool: 'p',
  vcpus: 4,
  until: 1e6,
  idle: false,
  ...over,
});

function ask(asking: Want, of: { others?: readonly Want[]; held?: readonly Slot[]; room: number; have?: number }) {
  return inLine(asking, { held: [], ...of, waiting: [...(of.others ?? []), asking] });
}

describe('a slot of a quota', () => {
  it('is taken where nobody else waits and there is room', () => {
    expect(ask(want('a1'), { room: 4, have: 4 })).toBe('taken');
    expect(ask(want('a1'), { room: 4 })).toBe('taken');
  });

  it('is not there where the room is too small, whoever comes first', () => {
    expect(ask(want('a1'), { room: 3, have: 8 })).toBe('full');
    expect(ask(want('a1'), { room: -4, have: 8 })).toBe('full');
    expect(ask(want('a1'), { others: [want('b1')], room: 3, have: 8 })).toBe('full');
  });

  it('is never there for more than the quota has', () => {
    expect(ask(want('a1', { vcpus: 8 }), { room: Number.POSITIVE_INFINITY, have: 4 })).toBe('full');
    expect(ask(want('a1', { vcpus: 4 }), { room: 4, have: 4 })).toBe('taken');
  });

  it('goes to the job that holds less, not to who waits longer', () => {
    const held = [slot('a9'), slot('b8'), slot('b9')];
    expect(ask(want('a1', { since: 9 }), { others: [want('b1')], held, room: 4 })).toBe('taken');
    expect(ask(want('b1'), { others: [want('a1', { since: 9 })], held, room: 4 })).toBe('yield');
  });

  it('counts vCPUs, not slots', () => {
    const held = [slot('a8'), slot('a9'), slot('b9', { vcpus: 16 })];
    expect(ask(want('a1'), { others: [want('b1')], held, room: 4 })).toBe('taken');
    expect(ask(want('b1'), { others: [want('a1')], held, room: 4 })).toBe('yield');
  });

  it('goes to who has waited longer where both hold the same, then by name', () => {
    expect(ask(want('b1', { since: 1 }), { others: [want('a1', { since: 2 })], room: 4 })).toBe('taken');
    expect(ask(want('a1', { since: 2 }), { others: [want('b1', { since: 1 })], room: 4 })).toBe('yield');
    expect(ask(want('a1'), { others: [want('b1')], room: 4 })).toBe('taken');
    expect(ask(want('b1'), { others: [want('a1')], room: 4 })).toBe('yield');
  });

  it('counts the longest wait of a job, whichever of its attempts asks', () => {
    const others = [want('a1', { since: 1 }), want('b1', { since: 2 })];
    expect(ask(want('a2', { since: 9 }), { others, room: 4 })).toBe('taken');
  });

  it('goes to the attempt of a job that asks: one shard is as good as another', () => {
    expect(ask(want('a2', { since: 5 }), { others: [want('a1', { since: 1 })], room: 4 })).toBe('taken');
  });

  it('does not count an instance that idles as held by its job', () => {
    const held = [slot('a9', { idle: true })];
    expect(ask(want('a1'), { others: [want('b1', { since: 1 })], held, room: 4 })).toBe('taken');
    const busy = [slot('a9')];
    expect(ask(want('a1'), { others: [want('b1', { since: 1 })], held: busy, room: 4 })).toBe('yield');
  });

  it('is dealt out one by one, so that who has more gets what is left over', () => {
    const held = [slot('a9')];
    const others = [want('b1'), want('b2')];
    // b, then b again or a by name: both hold one by then
    expect(ask(want('a1'), { others, held, room: 4 })).toBe('yield');
    expect(ask(want('a1'), { others: [want('b1')], held, room: 8 })).toBe('taken');
    expect(ask(want('a1'), { others, held, room: 8 })).toBe('taken');
    expect(ask(want('a1', { since: 1 }), { others, held, room: 8 })).toBe('yield');
    expect(ask(want('a1', { since: 1 }), { others, held, room: 12 })).toBe('taken');
  });

  it('goes by name among the attempts of a job that wait for as long', () => {
    const held = [slot('a9')];
    const [small, large] = [want('b1'), want('b2', { vcpus: 8 })];
    // After the small one both jobs hold 4 vCPUs and the room is 4 still; after the large one there is none.
    expect(ask(want('a1'), { others: [small, large], held, room: 8 })).toBe('taken');
    const renamed = [want('b2'), want('b1', { vcpus: 8 })];
    expect(ask(want('a1'), { others: renamed, held, room: 8 })).toBe('yield');
  });

  it('is kept for a job that wants two at once, until both are free', () => {
    const held = [slot('a7'), slot('a8'), slot('a9')];
    const large = want('b1', { vcpus: 8 });
    expect(ask(want('a1'), { others: [large], held, room: 4, have: 16 })).toBe('yield');
    expect(ask(large, { others: [want('a1')], held, room: 4, have: 16 })).toBe('full');
    expect(ask(large, { others: [want('a1')], held, room: 8, have: 16 })).toBe('taken');
    expect(ask(want('a1'), { others: [large], held, room: 12, have: 16 })).toBe('taken');
  });

  it('is not kept for a job that can never have one', () => {
    expect(ask(want('a1'), { others: [want('b1', { vcpus: 32 })], held: [slot('a9')], room: 4, have: 8 })).toBe(
      'taken',
    );
    expect(ask(want('a1'), { others: [want('b1', { vcpus: 8 })], held: [slot('a9')], room: 4, have: 8 })).toBe('yield');
  });

  it('is refused to an attempt that is not in its line: a mistake of ours', () => {
    expect(() => inLine(want('a1'), { waiting: [], held: [], room: 4 })).toThrow(
      'Expected `a1` to stand in its own line',
    );
  });
});

describe('the line', () => {
  const names = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'];
  const line = fc.record({
    wants: fc.uniqueArray(
      fc.record({
        jobName: fc.constantFrom(...names),
        vcpus: fc.constantFrom(4, 8),
        since: fc.nat(5),
      }),
      { selector: ({ jobName }) => jobName, minLength: 1 },
    ),
    held: fc.array(fc.constantFrom('a9', 'b9', 'c9'), { maxLength: 5 }),
    room: fc.constantFrom(0, 4, 8, 12, 16),
  });

  it('answers the same in whichever order it is written down', () => {
    fc.assert(
      fc.property(line, fc.func(fc.nat()), ({ wants, held, room }, by) => {
        const waiting = wants.map(({ jobName, ...over }) => want(jobName, over));
        const slots = held.map((jobName) => slot(jobName));
        const shuffled = waiting.toSorted((x, y) => by(x.jobName) - by(y.jobName));
        for (const asking of waiting) {
          const first = inLine(asking, { waiting, held: slots, room, have: 40 });
          expect(inLine(asking, { waiting: shuffled, held: slots, room, have: 40 })).toBe(first);
        }
      }),
    );
  });

  it('always has a job that may take the room, if only those in it ask long enough', () => {
    fc.assert(
      fc.property(line, ({ wants, held, room }) => {
        const waiting = wants.map(({ jobName, ...over }) => want(jobName, over));
        const answers = waiting.map((asking) =>
          inLine(asking, { waiting, held: held.map((jobName) => slot(jobName)), room: Math.max(room, 8), have: 40 }),
        );
        expect(answers).toContain('taken');
      }),
    );
  });

  it('never lets the job that holds the most of three pass one that holds less and fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(100), fc.nat(100), (many, since, later) => {
        const held = Array.from({ length: many }, (_, index) => slot(`a${index + 2}`));
        const others = [want('b1', { since: later })];
        expect(ask(want('a1', { since }), { others, held, room: 4, have: 400 })).toBe('yield');
        expect(ask(want('b1', { since: later }), { others: [want('a1', { since })], held, room: 4, have: 400 })).toBe(
          'taken',
        );
      }),
    );
  });
});
