import type { Outlook, QuotaRoom } from '../market/outlook.ts';
import type { Market } from '../market/pools.ts';
import { quotaOf } from '../market/quotas.ts';
import type { Reused, SlotAnswer, SlotRequest } from '../slots/slot-request.ts';
import { warmBootSeconds } from './around-container.ts';
import type { Pick } from './pick-pool.ts';
import { forSlots, slotUntil } from './slot-wait.ts';

const isMarket = (text: string | undefined): text is Market => text === 'spot' || text === 'on-demand';

/** What the attempt asks for before its submit; undefined: its pool draws on no quota that we know. */
export function toSlotRequest(pick: Pick, jobId: string, outlook: Outlook, now: number): SlotRequest | undefined {
  const [, instanceType = '', market] = pick.pool.split('/');
  const quota = isMarket(market) ? quotaOf(instanceType, market) : undefined;
  const vcpus = outlook.types.find(({ name }) => name === instanceType)?.vcpus;
  if (!quota || vcpus === undefined) return undefined;
  const room = outlook.quotas.find(({ code }) => code === quota.code);
  return {
    code: quota.code,
    vcpus,
    have: room && forSlots(room),
    jobId,
    jobName: pick.jobName,
    pool: pick.pool,
    now,
    until: slotUntil(now, pick.timeoutSeconds),
  };
}

const change = (outlook: Outlook, to: (room: QuotaRoom) => QuotaRoom): Outlook => ({
  ...outlook,
  quotas: outlook.quotas.map(to),
});

/** Whether there is room beside our own slots is for `slots.ts` to say: it knows who waits, and whose instance idles. */
export const withoutSlots = (outlook: Outlook): Outlook =>
  change(outlook, ({ used: _, ...room }) => ({ ...room, ...(room.others === undefined ? {} : { used: room.others }) }));

/** The same outlook, with the pools of this quota full. */
export const markFull = (outlook: Outlook, { code, used, answer }: SlotAnswer): Outlook =>
  change(outlook, (room) => {
    if (room.code !== code) return room;
    return { ...room, used: used + (room.others ?? 0), ...(answer === 'yield' ? { yields: true } : {}) };
  });

/** On an instance that idled until now: its boot is over, and what it idled for is paid in part. */
export function onTakenSlot(pick: Pick, reused: Reused | undefined, timeScale: number): Pick {
  if (!reused) return pick;
  return {
    ...pick,
    bootSeconds: Math.min(pick.bootSeconds, warmBootSeconds),
    idleSeconds: Math.max(0, pick.idleSeconds - reused.idleSecondsPaid / timeScale),
    hostSeconds: reused.ageSeconds / timeScale,
  };
}
