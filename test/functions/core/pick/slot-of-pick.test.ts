import { describe, expect, it } from 'vitest';
import type { Outlook, QuotaRoom } from '../../../../functions/core/market/outlook.ts';
import { listPools } from '../../../../functions/core/market/pools.ts';
import { type Pick, pickPool } from '../../../../functions/core/pick/pick-pool.ts';
import { markFull, onTakenSlot, toSlotRequest, withoutSlots } from '../../../../functions/core/pick/slot-of-pick.ts';
import { aJob, aPrice, aTried, aWork, outlookOf, startedAt } from '../../../fakes/builders.ts';

const now = Date.parse(startedAt);
const spot: QuotaRoom = { code: 'L-3819A6DF', name: 'G Spot', have: 16, used: 12, others: 4 };
const onDemand: QuotaRoom = { code: 'L-DB2E81BA', name: 'G on demand', have: 8, used: 0, others: 0 };
const outlook = outlookOf({ spotPrices: [aPrice()], quotas: [spot, onDemand] });
const request = { job: aJob(), shard: 3, attempt: 2, work: aWork(), tried: aTried(), outlook, now };
const pick = pickPool(request, listPools(['use1-az1'], ['g6.xlarge']));
const ask = (over: Partial<Pick> = {}, of: Outlook = outlook) => toSlotRequest({ ...pick, ...over }, 'job-1', of, now);

describe('the slot that an attempt asks for', () => {
  it('has the vCPUs of its type, of what the quota leaves beside others', () => {
    expect(ask()).toEqual({
      code: 'L-3819A6DF',
      vcpus: 4,
      have: 12,
      jobId: 'job-1',
      jobName: 'job-1-s3-a2',
      pool: 'use1-az1/g6.xlarge/spot',
      now,
      until: now + (pick.timeoutSeconds + 2400 + 300) * 1000,
    });
  });

  it('is one of the on-demand quota for a pool on demand', () => {
    expect(ask({ pool: 'any/g6.2xlarge/on-demand' })).toMatchObject({ code: 'L-DB2E81BA', vcpus: 8, have: 8 });
  });

  it('knows no limit where AWS says none', () => {
    expect(ask({}, { ...outlook, quotas: [] })).toMatchObject({ code: 'L-3819A6DF', have: undefined });
  });

  it.each(['use1-az1/c7i.large/spot', 'use1-az1/g6.xlarge/future', 'use1-az1/g9.xlarge/spot'])(
    'is none for %s, which draws on no quota that is known',
    (pool) => {
      expect(ask({ pool })).toBeUndefined();
    },
  );
});

describe('the quotas that a pick looks at', () => {
  it('count what others use, not our own slots: those are dealt out by their book', () => {
    expect(withoutSlots(outlook).quotas).toEqual([{ ...spot, used: 4 }, onDemand]);
    const unknown = { code: 'L-3819A6DF', name: 'G Spot', have: 16, used: 12 };
    expect(withoutSlots({ ...outlook, quotas: [unknown] }).quotas).toEqual([
      { code: 'L-3819A6DF', name: 'G Spot', have: 16 },
    ]);
  });

  it('are full once a slot was refused, the refused one alone', () => {
    const answer = { code: spot.code, used: 12, need: 4, have: 12 };
    expect(markFull(outlook, { ...answer, answer: 'full' }).quotas).toEqual([{ ...spot, used: 16 }, onDemand]);
    expect(markFull(outlook, { ...answer, answer: 'yield', used: 4 }).quotas).toEqual([
      { ...spot, used: 8, yields: true },
      onDemand,
    ]);
    const unknown: QuotaRoom = { code: spot.code, name: 'G Spot', have: 12 };
    expect(markFull({ ...outlook, quotas: [unknown] }, { ...answer, answer: 'full' }).quotas).toEqual([
      { ...unknown, used: 12 },
    ]);
  });
});

describe('a pick whose slot was that of an idle instance', () => {
  const reused = (idleSecondsPaid: number) => ({ idleSecondsPaid, ageSeconds: 600 });

  it('boots no more, and pays for what the instance idled beyond what is paid', () => {
    expect(onTakenSlot({ ...pick, bootSeconds: 210, idleSeconds: 300 }, reused(280), 1)).toMatchObject({
      bootSeconds: 10,
      idleSeconds: 20,
      hostSeconds: 600,
    });
    expect(onTakenSlot({ ...pick, bootSeconds: 6, idleSeconds: 100 }, reused(280), 1)).toMatchObject({
      bootSeconds: 6,
      idleSeconds: 0,
    });
  });

  it('counts the seconds of the local mode in its own time', () => {
    expect(onTakenSlot({ ...pick, idleSeconds: 300 }, reused(5), 0.02)).toMatchObject({
      idleSeconds: 50,
      hostSeconds: 30_000,
    });
  });

  it('is as it was on an instance of its own', () => {
    expect(onTakenSlot(pick, undefined, 1)).toBe(pick);
  });
});
