import { describe, expect, it } from 'vitest';
import { instanceTypes } from '../../../../functions/core/market/instance-types.ts';
import { gpuQuotas, judgeQuota, quotaOf, vcpusOf } from '../../../../functions/core/market/quotas.ts';

describe('the quota of an instance type', () => {
  it.each([
    ['g6.xlarge', 'spot', 'L-3819A6DF'],
    ['g4dn.xlarge', 'on-demand', 'L-DB2E81BA'],
    ['gr6.4xlarge', 'spot', 'L-3819A6DF'],
    ['p5.4xlarge', 'spot', 'L-C4BD4855'],
    ['p5en.48xlarge', 'spot', 'L-C4BD4855'],
    ['p5.4xlarge', 'on-demand', 'L-417A185B'],
    ['p4d.24xlarge', 'spot', 'L-7212CCBC'],
    ['p3.2xlarge', 'on-demand', 'L-417A185B'],
  ] as const)('%s on %s is %s', (type, market, code) => {
    expect(quotaOf(type, market)?.code).toBe(code);
  });

  it('is unknown for a family that has no GPU of ours', () => {
    expect(quotaOf('m6i.large', 'spot')).toBeUndefined();
    expect(quotaOf('', 'spot')).toBeUndefined();
  });

  it('is known for every type of the table, in both markets, as its vCPUs are', () => {
    for (const { name, vcpus } of instanceTypes) {
      expect([quotaOf(name, 'spot'), quotaOf(name, 'on-demand')]).not.toContain(undefined);
      expect(vcpusOf(name)).toBe(vcpus);
    }
  });

  it('counts no vCPUs of a type that is not in the table', () => {
    expect(vcpusOf('m6i.large')).toBeUndefined();
  });

  it('stands once in the list of all', () => {
    const codes = gpuQuotas.map((quota) => quota.code);
    expect(codes.toSorted()).toEqual(['L-3819A6DF', 'L-417A185B', 'L-7212CCBC', 'L-C4BD4855', 'L-DB2E81BA']);
  });
});

describe('a quota', () => {
  it.each([
    [{ have: 0, used: 0 }, 'zero'],
    [{ have: 3, used: 0 }, 'zero'],
    [{ have: 0 }, 'zero'],
    [{ have: 4, used: 1 }, 'full'],
    [{ have: 8, used: 8 }, 'full'],
    [{ have: 8, used: 4 }, undefined],
    [{ have: 4, used: 0 }, undefined],
    [{ have: 4 }, undefined],
    [{ used: 100 }, undefined],
    [{}, undefined],
  ])('with %j for a need of 4 is %s', (known, expected) => {
    expect(judgeQuota({ need: 4, ...known })).toBe(expected);
  });
});
