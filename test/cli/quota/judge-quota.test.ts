import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeQuotaWish } from '../../../cli/quota/judge-quota.ts';
import { verdictLines } from '../../../cli/quota/verdict-lines.ts';
import { aReading } from '../doctor/reading.ts';

const wish = { types: ['g4dn.xlarge', 'g7e.2xlarge'], instances: 1 };
const pending = { id: 'r1', status: 'PENDING', vcpus: 16 };

describe('what is asked of AWS for a quota', () => {
  it('lets the largest configured type start, so often as wished, beside what others use', () => {
    expect(judgeQuotaWish(aReading('spot', { have: 0 }), wish)).toMatchObject({ state: 'short', have: 0, to: 8 });
    expect(judgeQuotaWish(aReading('spot', { have: 8 }), wish)).toMatchObject({ state: 'enough', have: 8, need: 8 });
    const many = { ...wish, instances: 3 };
    expect(judgeQuotaWish(aReading('spot', { have: 8, others: 4 }), many)).toMatchObject({ state: 'short', to: 28 });
  });

  it('is what was named, with a reason that fits it', () => {
    const verdict = judgeQuotaWish(aReading('on-demand', { have: 0 }), { ...wish, vcpus: 32 });
    expect(verdict).toMatchObject({
      state: 'short',
      to: 32,
      text: 'We render images with Stable Diffusion in batches, by AWS Batch on On-Demand g7e.2xlarge instances of 8 vCPUs. 32 vCPUs let 4 of them run at once; each ends with its batch. We have 0 vCPUs.',
    });
    expect(verdictLines(verdict)[0]).toBe(
      'Quota L-DB2E81BA (Running On-Demand G and VT instances): from 0 to 32 vCPUs. https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas/L-DB2E81BA',
    );
  });

  it('is nothing more while AWS decides, and nothing on a guess', () => {
    const verdict = judgeQuotaWish(aReading('spot', { have: 0, pending }), wish);
    expect(verdict).toMatchObject({ state: 'pending', pending });
    expect(verdictLines(verdict)[0]).toContain('16 vCPUs are asked for (PENDING, r1)');
    const blind = { ...aReading('spot', { have: 0 }), pending: { problem: 'AccessDenied' } };
    expect(judgeQuotaWish(blind, wish)).toMatchObject({ state: 'unknown', problem: 'AccessDenied' });
    const denied = aReading('spot', { have: { problem: 'AccessDenied: no' } });
    expect(verdictLines(judgeQuotaWish(denied, wish))[0]).toContain('not known. AccessDenied: no.');
    expect(judgeQuotaWish(aReading('spot', { have: { value: undefined } }), wish)).toMatchObject({ state: 'unknown' });
  });

  it('is never fewer than there are', () => {
    const numbers = { have: fc.nat(500), others: fc.nat(100), vcpus: fc.option(fc.integer({ min: 1, max: 500 })) };
    fc.assert(
      fc.property(fc.record({ ...numbers, instances: fc.integer({ min: 1, max: 50 }) }), (any) => {
        const { have, others, vcpus, instances } = any;
        const verdict = judgeQuotaWish(aReading('spot', { have, others }), {
          ...wish,
          instances,
          vcpus: vcpus ?? undefined,
        });
        expect(['enough', 'short']).toContain(verdict.state);
        if (verdict.state === 'short') {
          expect(verdict.to).toBeGreaterThan(have);
          expect(verdict.text).toMatch(/^We render images/);
        }
      }),
    );
  });
});
