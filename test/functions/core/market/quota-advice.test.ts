import { describe, expect, it } from 'vitest';
import type { QuotaRoom } from '../../../../functions/core/market/outlook.ts';
import type { Pool } from '../../../../functions/core/market/pools.ts';
import {
  adviseQuota,
  askWhere,
  explainFigures,
  explainFull,
  figuresOf,
  instancesWithin,
  isQuotaFull,
  judge,
  quotaLink,
} from '../../../../functions/core/market/quota-advice.ts';
import { outlookOf } from '../../../fakes/builders.ts';

const spot: Pool = { azId: 'use1-az1', instanceType: 'g6.2xlarge', market: 'spot' };
const onDemand: Pool = { azId: 'any', instanceType: 'g6.xlarge', market: 'on-demand' };
const code = 'L-3819A6DF';
const name = 'All G and VT Spot Instance Requests';
const link = 'https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas/L-3819A6DF';
const room = (over: Partial<QuotaRoom> = {}) => outlookOf({ quotas: [{ code, name, have: 16, ...over }] });
const figures = { code, name, have: 16, used: 8, need: 16 };

describe('the figures of a quota', () => {
  it('are those of its market and of the vCPUs of the type', () => {
    expect(figuresOf(spot, room({ used: 4 }))).toEqual({ code, name, have: 16, used: 4, need: 8 });
    expect(figuresOf(spot, room({ yields: true }))).toMatchObject({ need: 8, yields: true });
    expect(figuresOf(spot, room(), 3)).toEqual({ code, name, have: 16, used: undefined, need: 24 });
    const quotas = [
      { code, name, have: 16 },
      { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances', have: 9 },
    ];
    expect(figuresOf(onDemand, outlookOf({ quotas }))).toMatchObject({ code: 'L-DB2E81BA', have: 9, need: 4 });
  });

  it.each([
    ['a quota that could not be read', spot, room({ have: undefined })],
    ['no quota at all', spot, outlookOf()],
    ['a quota of another market', onDemand, room()],
    ['a type that nobody knows', { ...spot, instanceType: 'g9.large' }, room()],
    ['a family that is not ours', { ...spot, instanceType: 'm7.large' }, room()],
    ['no types', spot, { ...room(), types: [] }],
  ])('are not known of %s', (_, pool, outlook) => {
    expect(figuresOf(pool, outlook)).toBeUndefined();
    expect(judge(figuresOf(pool, outlook))).toBeUndefined();
    expect(instancesWithin(pool, outlook)).toBeUndefined();
    expect(adviseQuota(pool, outlook, 40)).toBeUndefined();
  });

  it.each([
    [{ have: 0, used: 0 }, 'zero'],
    [{ have: 15, used: 0 }, 'zero'],
    [{ have: 16, used: 0 }, undefined],
    [{ have: 16, used: undefined }, undefined],
    [{ have: 24, used: 9 }, 'full'],
    [{ have: 24, used: 8 }, undefined],
    [{ have: 24, used: 0, yields: true }, 'full'],
    [{ have: 15, used: 0, yields: true }, 'zero'],
  ] as const)('%j for 16 are judged %s', (over, verdict) => {
    expect(judge({ ...figures, ...over })).toBe(verdict);
  });
});

describe('the sentences of a quota', () => {
  it('have its code, its name and the numbers that are known', () => {
    expect(explainFigures(figures)).toBe(`quota ${code} (${name}): have 16 vCPUs, 8 used, need 16`);
    expect(explainFigures({ ...figures, used: undefined })).toBe(`quota ${code} (${name}): have 16 vCPUs, need 16`);
    expect(explainFigures({ ...figures, used: 0 })).toContain('have 16 vCPUs, 0 used, need 16');
    expect(explainFigures({ ...figures, yields: true })).toMatch(
      /8 used, need 16, and a job that holds less comes first$/,
    );
  });

  it('say where to ask, each quota once', () => {
    const other = { ...figures, code: 'L-DB2E81BA' };
    expect(quotaLink(code)).toBe(link);
    expect(askWhere([])).toBe('');
    expect(askWhere([figures, figures])).toBe(` To fix: ask for more vCPUs at ${link}`);
    expect(askWhere([figures, other, figures])).toBe(
      ` To fix: ask for more vCPUs at ${link} and ${quotaLink('L-DB2E81BA')}`,
    );
  });

  it('are recognized by the state that waits for a slot', () => {
    const cause = explainFull(3, [figures, figures]);
    expect(cause).toBe(
      `The vCPU quota is full for shard 3: ${explainFigures(figures)}. It starts when another instance ends.` +
        ` To fix: ask for more vCPUs at ${link}`,
    );
    expect(isQuotaFull(cause)).toBe(true);
    const other = { ...figures, code: 'L-DB2E81BA' };
    expect(explainFull(3, [figures, other])).toContain(
      `${explainFigures(figures)}; ${explainFigures(other)}. It starts`,
    );
    expect(isQuotaFull('No capacity for shard 3: The vCPU quota is full')).toBe(false);
  });
});

describe('how many instances a quota allows', () => {
  it.each([
    [{ have: 16 }, 2],
    [{ have: 23 }, 2],
    [{ have: 7 }, 0],
    [{ have: 24, others: 8 }, 2],
    [{ have: 24, others: 9 }, 1],
    [{ have: 24, used: 24 }, 3],
    [{ have: 8, others: 16 }, -1],
  ])('%j of 8 vCPUs: %i, whatever our own jobs hold now', (over, instances) => {
    expect(instancesWithin(spot, room(over))).toBe(instances);
  });
});

describe('the advice to ask for more', () => {
  it('has the code, have, need, the link and a text ready for the request', () => {
    expect(adviseQuota(spot, room({ used: 8 }), 5)).toEqual({
      code,
      name,
      have: 16,
      used: 8,
      need: 40,
      link,
      text:
        'We render images with Stable Diffusion in batches, by AWS Batch on Spot g6.2xlarge instances of 8 vCPUs. ' +
        '40 vCPUs let 5 of them run at once; each ends with its batch. We have 16 vCPUs.',
    });
  });

  it('speaks of on demand where the pool is', () => {
    const quotas = [{ code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances', have: 0 }];
    expect(adviseQuota(onDemand, outlookOf({ quotas }), 1)?.text).toBe(
      'We render images with Stable Diffusion in batches, by AWS Batch on On-Demand g6.xlarge instances of 4 vCPUs. ' +
        '4 vCPUs let 1 of them run at once; each ends with its batch. We have 0 vCPUs.',
    );
  });

  it('is not given where there is enough', () => {
    expect(adviseQuota(spot, room(), 2)).toBeUndefined();
    expect(adviseQuota(spot, room({ used: 16 }), 2)).toBeUndefined();
    expect(adviseQuota(spot, room(), 3)).toMatchObject({ have: 16, need: 24 });
  });

  it('asks for room beside the instances of others', () => {
    expect(adviseQuota(spot, room({ have: 24, others: 8 }), 2)).toBeUndefined();
    const advice = adviseQuota(spot, room({ have: 24, others: 12 }), 2);
    expect(advice).toMatchObject({ have: 24, need: 28 });
    expect(advice?.text).toContain(
      '16 vCPUs let 2 of them run at once; each ends with its batch. We have 24 vCPUs, our other instances use 12.',
    );
  });
});
