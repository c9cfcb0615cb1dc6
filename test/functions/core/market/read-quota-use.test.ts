import { expect, it } from 'vitest';
import { quotaOf } from '../../../../functions/core/market/quotas.ts';
import { readQuotaUse } from '../../../../functions/core/market/read-quota-use.ts';

/** Answers by what is asked for, so that the wrong question has the wrong answer. */
const sources = {
  quotas: { vcpus: async (code: string) => (code === 'L-3819A6DF' ? 64 : 1) },
  instanceUse: {
    vcpus: async (market: string, counts: readonly string[]) =>
      market === 'spot' && counts.includes('g*') ? 12 : undefined,
  },
};

it('asks the account for the quota of the pool, and EC2 for what runs against it', async () => {
  expect(await readQuotaUse({ instanceType: 'g6.2xlarge', market: 'spot' }, sources)).toEqual({
    quota: quotaOf('g6.2xlarge', 'spot'),
    need: 8,
    have: 64,
    used: 12,
  });
});

it.each(['c7i.large', 'g99.xlarge'])('knows no quota, or no size, of %s', async (instanceType) => {
  expect(await readQuotaUse({ instanceType, market: 'spot' }, sources)).toBeUndefined();
});
