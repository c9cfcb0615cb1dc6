import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumCosts } from '../../../../functions/core/receipt/sum-costs.ts';
import { aReceipt } from '../../../fakes/builders.ts';

const inNovember = { closedAt: '2026-11-05T23:00:00.000Z' };
const night = { name: 'night', time: '2026-11-05T22:00:00Z' };

describe('what a month cost', () => {
  it('lists the jobs that closed in it, the dearest first', () => {
    const receipts = [
      aReceipt({ ...inNovember, jobId: 'small', usd: 0.1 }),
      aReceipt({ ...inNovember, jobId: 'large', usd: 3 }),
      aReceipt({ jobId: 'later', closedAt: '2026-12-01T00:00:00.000Z' }),
      aReceipt({ jobId: 'before', closedAt: '2026-10-31T23:59:59.999Z' }),
    ];
    expect(sumCosts(receipts, '2026-11').jobs.map(({ jobId }) => jobId)).toEqual(['large', 'small']);
  });

  it('adds up each schedule beside the whole', () => {
    const receipts = [
      aReceipt({ ...inNovember, jobId: 'a', usd: 1, onDemandUsd: 3, delivered: 4, reused: 1, schedule: night }),
      aReceipt({ ...inNovember, jobId: 'b', usd: 0.5, onDemandUsd: 1, delivered: 2, reused: 0, schedule: night }),
      aReceipt({ ...inNovember, jobId: 'c', usd: 0.25, onDemandUsd: 1, delivered: 1, reused: 1 }),
    ];
    const { schedules, total } = sumCosts(receipts, '2026-11');
    expect(schedules).toEqual({
      night: { jobs: 2, delivered: 6, reused: 1, usd: 1.5, onDemandUsd: 4, usdPerImage: 0.3 },
    });
    expect(total).toEqual({ jobs: 3, delivered: 7, reused: 2, usd: 1.75, onDemandUsd: 5, usdPerImage: 0.35 });
  });

  it('lists jobs of one cost by their names', () => {
    const ids = ['b', 'c', 'a'];
    const { jobs } = sumCosts(
      ids.map((jobId) => aReceipt({ ...inNovember, jobId })),
      '2026-11',
    );
    expect(jobs.map(({ jobId }) => jobId)).toEqual(['a', 'b', 'c']);
  });

  it('keeps two schedules apart, and says of each job which one it is of', () => {
    const day = { name: 'day', time: '2026-11-05T10:00:00Z' };
    const receipts = [
      aReceipt({ ...inNovember, jobId: 'a', usd: 3, schedule: night }),
      aReceipt({ ...inNovember, jobId: 'b', usd: 2, schedule: day }),
      aReceipt({ ...inNovember, jobId: 'c', usd: 1 }),
    ];
    const { jobs, schedules } = sumCosts(receipts, '2026-11');
    expect(jobs.map(({ schedule }) => schedule)).toEqual(['night', 'day', undefined]);
    expect(jobs.map((job) => 'schedule' in job)).toEqual([true, true, false]);
    expect(Object.entries(schedules).map(([name, { usd }]) => [name, usd])).toEqual([
      ['night', 3],
      ['day', 2],
    ]);
  });

  it('says of a job of the local mode that nothing was paid', () => {
    const receipts = [
      aReceipt({ ...inNovember, jobId: 'a', usd: 2, simulated: true }),
      aReceipt({ ...inNovember, jobId: 'b', usd: 1 }),
    ];
    expect(sumCosts(receipts, '2026-11').jobs.map(({ simulated }) => simulated)).toEqual([true, false]);
  });

  it('counts a part of a job in the receipt of the whole alone', () => {
    const whole = aReceipt({ ...inNovember, jobId: 'whole', usd: 2 });
    const part = aReceipt({ ...inNovember, jobId: 'whole-p001', usd: 1, partOf: 'whole' });
    expect(sumCosts([whole, part], '2026-11').total).toMatchObject({ jobs: 1, usd: 2 });
  });

  it('is nothing where no job closed', () => {
    expect(sumCosts([], '2026-11')).toEqual({
      jobs: [],
      schedules: {},
      total: { jobs: 0, delivered: 0, reused: 0, usd: 0, onDemandUsd: 0, usdPerImage: 0 },
    });
  });

  it('adds up to the jobs, whatever they are', () => {
    const anyReceipt = fc.record({ usd: fc.integer({ min: 0, max: 1e8 }), scheduled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyReceipt, { maxLength: 20 }), (all) => {
        const receipts = all.map(({ usd, scheduled }, index) =>
          aReceipt({ ...inNovember, jobId: `j${index}`, usd: usd / 1e6, schedule: scheduled ? night : undefined }),
        );
        const { jobs, schedules, total } = sumCosts(receipts, '2026-11');
        expect(jobs.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(total.usd, 6);
        expect((schedules.night?.usd ?? 0) - 1e-9).toBeLessThanOrEqual(total.usd);
      }),
    );
  });
});
