import { describe, expect, it } from 'vitest';
import { listQuotas, toQuotaRoom } from '../../../../functions/core/market/quota-room.ts';
import { quotaOf } from '../../../../functions/core/market/quotas.ts';

const quota = quotaOf('g6.xlarge', 'spot');
if (!quota) throw new Error('Expected a quota');
const { code, name } = quota;

describe('the quotas of a set of types', () => {
  it('are those of both markets, each once', () => {
    const found = listQuotas(['g6.xlarge', 'g5.xlarge', 'p5.4xlarge', 'm6i.large']);
    expect(found.map((one) => [one.market, one.quota.code])).toEqual([
      ['spot', 'L-3819A6DF'],
      ['spot', 'L-C4BD4855'],
      ['on-demand', 'L-DB2E81BA'],
      ['on-demand', 'L-417A185B'],
    ]);
  });
});

describe('what is free of a quota', () => {
  it('is less what slots hold and what others use', () => {
    const room = toQuotaRoom(quota, { have: { value: 64 }, others: { value: 8 } }, { [code]: 12, other: 99 });
    expect(room).toEqual({ value: { code, name, have: 64, used: 20, others: 8 }, gaps: [] });
  });

  it('may be nothing, which is not unknown', () => {
    const room = toQuotaRoom(quota, { have: { value: 0 }, others: { value: 0 } }, {});
    expect(room).toEqual({ value: { code, name, have: 0, used: 0, others: 0 }, gaps: [] });
  });

  it('has no `have` where the quota may not be read, and says so', () => {
    const denied = toQuotaRoom(quota, { have: { value: undefined }, others: { value: 8 } }, {});
    expect(denied.value).toEqual({ code, name, used: 8, others: 8 });
    expect(denied.gaps).toEqual([
      `Quota ${code} (${name}) could not be read: it may not be asked for, or the region lacks it.`,
    ]);
    const failed = toQuotaRoom(quota, { have: { problem: 'TooManyRequests: slow down' }, others: { value: 8 } }, {});
    expect(failed.value).not.toHaveProperty('have');
    expect(failed.gaps).toEqual([`Quota ${code} (${name}) could not be read: TooManyRequests: slow down.`]);
  });

  it('goes by what is known where slots or others are not', () => {
    const answers = { have: { value: 64 }, others: { problem: 'no' } };
    const bySlots = toQuotaRoom(quota, answers, { [code]: 12 });
    expect(bySlots.value).toEqual({ code, name, have: 64, used: 12 });
    expect(bySlots.gaps).toEqual([`What others use of quota ${code} could not be read: no.`]);
    expect(toQuotaRoom(quota, answers).value).toEqual({ code, name, have: 64 });
    expect(toQuotaRoom(quota, { have: { value: 64 }, others: { value: 8 } }).value).toMatchObject({ used: 8 });
  });
});
