import { inLine } from './fair-share.ts';
import type { Slot, SlotBook, Want } from './slot-book.ts';
import type { HeldSlots, Reused, SlotAnswer, SlotRequest } from './slot-request.ts';

/** Longer than the longest wait for a slot (`next-step.ts`): who is in line and comes back is still in line. */
export const wantSeconds = 600;

/** Batch ends an idle instance some minutes after its last job; nobody has measured it here: assumed. */
export const idleSeconds = 300;

const sum = (held: readonly { readonly vcpus: number }[]) => held.reduce((total, { vcpus }) => total + vcpus, 0);

const sweep = ({ slots, wants }: SlotBook, now: number): SlotBook => ({
  slots: slots.filter(({ until }) => until > now),
  wants: wants.filter(({ until }) => until > now),
});

export const usedVcpus = (book: SlotBook, now: number): number => sum(sweep(book, now).slots);

const secondsLeft = ({ until }: Slot, now: number) => (until - now) / 1000;

/** @param books by quota code */
export function toHeldSlots(books: ReadonlyMap<string, SlotBook>, now: number): HeldSlots {
  const idle = [...books.values()].flatMap((book) => sweep(book, now).slots.filter((slot) => slot.idle));
  return {
    vcpus: Object.fromEntries([...books].map(([code, book]) => [code, usedVcpus(book, now)])),
    idle: idle.map((slot) => ({ pool: slot.pool, secondsLeft: secondsLeft(slot, now) })),
  };
}

const withReused = (reused: Reused | undefined) => (reused ? { reused } : {});

const reuse = (slot: Slot, now: number): Reused => ({
  idleSecondsPaid: secondsLeft(slot, now),
  ageSeconds: (slot.reused?.ageSeconds ?? 0) + (now - (slot.since ?? now)) / 1000,
});

/** @param before its own slot, or the idle one whose instance it takes over */
function toSlot({ jobId, jobName, pool, vcpus, until, now }: SlotRequest, before?: Slot): Slot {
  const slot = { jobId, jobName, pool, vcpus, until, idle: false, since: now };
  if (before?.pool !== pool) return slot;
  if (before.idle) return { ...slot, reused: reuse(before, now) };
  return { ...slot, since: before.since ?? now, ...withReused(before.reused) };
}

/** Grants or refuses; the book afterwards. Whoever stores it must store it whole and unchanged since it was read. */
export function takeSlot(
  before: SlotBook,
  request: SlotRequest,
): { readonly book: SlotBook; readonly answer: SlotAnswer } {
  const { code, jobName, vcpus: need, have, now } = request;
  const { slots, wants } = sweep(before, now);
  const others = slots.filter((slot) => slot.jobName !== jobName || slot.idle);
  // Of several Batch may take any: the book gives up the one that is gone first, so that no other is held too short.
  const idle = others
    .filter((slot) => slot.idle && slot.pool === request.pool && slot.vcpus === need)
    .toSorted((a, b) => a.until - b.until)[0];
  const held = idle ? others.filter((slot) => slot !== idle) : others;
  const mine = wants.find((want) => want.jobName === jobName);
  const since = mine?.since ?? now;
  const want: Want = { jobId: request.jobId, jobName, vcpus: need, since, until: now + wantSeconds * 1000 };
  const waiting = [...wants.filter((other) => other !== mine), want];
  const room = (have ?? Number.POSITIVE_INFINITY) - sum(held);
  // It has its slot: a retry of the Lambda that lost the answer.
  const again = slots.find((slot) => slot.jobName === jobName && !slot.idle && slot.vcpus === need);
  const answer = again ? 'taken' : inLine(want, { waiting, held, room, have });
  const facts = { code, have, need };
  if (answer === 'taken') {
    const slot = toSlot(request, again ?? idle);
    const taken = [...(again ? others : held), slot];
    const book = { slots: taken, wants: wants.filter((other) => other !== mine) };
    return { book, answer: { ...facts, answer, used: sum(taken), ...withReused(slot.reused) } };
  }
  // What could never be granted does not stand in anybody's way.
  const book = { slots: others, wants: need > (have ?? need) ? wants : waiting };
  return { book, answer: { ...facts, answer, used: sum(others) } };
}

/** Out of the line, without a slot. Undefined: nothing to change. */
export function leaveLine({ slots, wants }: SlotBook, jobName: string): SlotBook | undefined {
  const rest = wants.filter((want) => want.jobName !== jobName);
  return rest.length < wants.length ? { slots, wants: rest } : undefined;
}

/** Undefined: nothing to change. */
export function freeSlot(book: SlotBook, jobName: string, goneAt: number): SlotBook | undefined {
  const freed = book.slots.find((slot) => slot.jobName === jobName && !slot.idle);
  const waits = book.wants.some((want) => want.jobName === jobName);
  if (!freed && !waits) return undefined;
  const slots = book.slots.map((slot) =>
    slot === freed ? { ...slot, idle: true, until: Math.min(slot.until, goneAt) } : slot,
  );
  const left = book.wants.filter((want) => want.jobName !== jobName);
  // Its job had a slot until now: the others in line have gone without for longer.
  const wants = freed
    ? left.map((want) => (want.jobId === freed.jobId ? { ...want, since: Math.max(want.since, goneAt) } : want))
    : left;
  return { slots, wants };
}
