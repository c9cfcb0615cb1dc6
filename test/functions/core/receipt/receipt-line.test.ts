import { describe, expect, it } from 'vitest';
import { toLostTotals, toReceiptLines } from '../../../../functions/core/receipt/receipt-line.ts';
import type { Settlement } from '../../../../functions/core/settle/settlement.ts';
import { aRecordOf, aSettlement, images } from '../../../fakes/builders.ts';

const lost = (over: Partial<Settlement> = {}) =>
  aSettlement({ outcome: 'SpotInterrupted', seconds: 300, startSeconds: 100, usd: 0.04, ...over });
const linesOf = (settlements: readonly Settlement[], over: Partial<Parameters<typeof toReceiptLines>[1]> = {}) => {
  const usd = settlements.reduce((sum, settlement) => sum + settlement.usd, 0);
  return toReceiptLines(settlements, { records: [], usd, unrecorded: new Map(), ...over });
};

describe('toReceiptLines', () => {
  it('keeps all that the settlement says but the ranking, which is the same in most of them', () => {
    const ranked = [{ pool: 'p', gpu: 'L4', usdPerHour: 1, usdPerImage: 1, minutes: 1, why: '' }];
    const [line] = linesOf([aSettlement({ ranked, note: 'a pilot' })]);
    expect(line).toMatchObject({ ...aSettlement(), note: 'a pilot', cents: 3 });
    expect(line).toMatchObject({ instanceType: 'g6.xlarge', azId: 'use1-az1' });
    expect(line).not.toHaveProperty('ranked');
  });

  it('says what the seconds went to and on which GPU, as the worker tells', () => {
    const [line] = linesOf([aSettlement()], { records: [aRecordOf(images(1), { device: 'NVIDIA L4' })] });
    expect(line).toMatchObject({ gpu: 'NVIDIA L4', phases: { renderSeconds: 4 } });
  });

  it('names the GPU of an attempt without a record, or that never loaded a model, as the ranking did', () => {
    const { pool } = aSettlement();
    const ranked = [{ pool, gpu: 'L4', usdPerHour: 1, usdPerImage: 1, minutes: 1, why: '' }];
    expect(linesOf([lost({ ranked })])[0]?.gpu).toBe('L4');
    expect(linesOf([lost({ ranked })], { records: [aRecordOf([], { device: '' })] })[0]?.gpu).toBe('L4');
    expect(linesOf([lost()])[0]?.gpu).toBeUndefined();
  });

  it('wastes nothing where it ended well, all of it where nothing came of it', () => {
    expect(linesOf([aSettlement(), lost({ attempt: 2 })]).map((line) => line.wasteUsd)).toEqual([0, 0.04]);
  });

  it('counts the pictures of a lost attempt as no waste, by the time that they took', () => {
    // 50 pictures of 2 s each, of 400 s on the instance
    const [line] = linesOf([lost()], { records: [aRecordOf(images(50), { outcome: 'SpotInterrupted' })] });
    expect(line?.wasteUsd).toBeCloseTo(0.03, 9);
    const [all] = linesOf([lost()], { records: [aRecordOf(images(300), { outcome: 'SpotInterrupted' })] });
    expect(all?.wasteUsd).toBe(0);
  });

  it('wastes all of an attempt that never ran', () => {
    expect(linesOf([lost({ seconds: 0, startSeconds: 0, usd: 0.01 })])[0]?.wasteUsd).toBe(0.01);
  });

  it('does not know what a worker wasted that made pictures and left no record of their times', () => {
    const unrecorded = new Map([['a', lost()]]);
    const lines = linesOf([lost(), lost({ attempt: 2 }), aSettlement({ attempt: 3 })], { unrecorded });
    expect(lines.map((line) => line.wasteUsd)).toEqual([undefined, 0.04, 0]);
    const records = [aRecordOf([], { outcome: 'SpotInterrupted' })];
    expect(linesOf([lost()], { unrecorded, records })[0]?.wasteUsd).toBe(0.04);
  });

  describe('the price while it ran', () => {
    const pool = aSettlement().pool;
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 22, minute)).toISOString();
    const seen = (usdPerHour: number, of = pool) => [
      { pool: of, gpu: 'L4', usdPerHour, usdPerImage: 1, minutes: 1, why: '' },
    ];
    const long = aSettlement({ createdAt: at(0), startedAt: at(4), stoppedAt: at(40), ranked: seen(0.34) });

    it('is what later choices saw in its pool', () => {
      const [line] = linesOf([
        long,
        aSettlement({ shard: 1, createdAt: at(10), ranked: seen(0.35) }),
        aSettlement({ shard: 2, createdAt: at(20), ranked: seen(0.36) }),
      ]);
      expect(line?.usdPerHourLater).toEqual([0.35, 0.36]);
    });

    it.each([
      ['before it', at(2), pool],
      ['after it', at(41), pool],
      ['in another pool', at(10), 'use1-az2/g5.xlarge/spot'],
    ])('is not known from a choice %s', (_, createdAt, of) => {
      const [line] = linesOf([long, aSettlement({ shard: 1, createdAt, ranked: seen(0.35, of) })]);
      expect(line?.usdPerHourLater).toBeUndefined();
    });
  });
});

describe('toLostTotals', () => {
  it('adds up what was lost, what of it is known to be wasted, and what AWS is expected not to bill', () => {
    const settlements = [
      lost({ billed: false, usdPerHour: 0.36, usd: 0.001 }),
      lost({ attempt: 2, outcome: 'WorkerLost', usd: 0.04 }),
      lost({ attempt: 4, outcome: 'NoSpotCapacity', seconds: 0, startSeconds: 0, usd: 0 }),
      aSettlement({ attempt: 3 }),
    ];
    // 400 s at $0.36 an hour
    expect(toLostTotals(linesOf(settlements))).toEqual({
      attempts: 2,
      withoutInstance: 1,
      usd: 0.041,
      wasteUsd: 0.041,
      unbilled: 1,
      unbilledUsd: 0.04,
    });
  });

  it('is nothing where nothing was lost', () => {
    const nothing = { attempts: 0, withoutInstance: 0, usd: 0, wasteUsd: 0, unbilled: 0, unbilledUsd: 0 };
    expect(toLostTotals(linesOf([aSettlement({ billed: false })]))).toEqual(nothing);
  });
});

describe('attempts that did not end well', () => {
  const linesOfEach = (...over: readonly Partial<Settlement>[]) =>
    linesOf(over.map((each, index) => lost({ attempt: index + 1, ...each })));

  it('had an instance where they ran, or cost a whole reservation', () => {
    const never = { seconds: 0, startSeconds: 0, usd: 0 };
    const free = { seconds: 10, startSeconds: 100, usd: 0, billed: false };
    const whole = { seconds: 0, startSeconds: 0, usd: 0.02 };
    expect(toLostTotals(linesOfEach(never, free, whole))).toMatchObject({ attempts: 2, withoutInstance: 1, usd: 0.02 });
  });

  it('that are not billed would have cost their boot, their seconds and their idle tail', () => {
    const unbilled = { seconds: 300, startSeconds: 100, idleSeconds: 200, usd: 0, billed: false, usdPerHour: 0.6 };
    expect(toLostTotals(linesOfEach(unbilled))).toMatchObject({ unbilled: 1, unbilledUsd: 0.1 });
  });

  it('have no later prices where nobody knows when they ran', () => {
    const pool = { pool: aSettlement().pool, gpu: 'L4', usdPerHour: 9, usdPerImage: 1, minutes: 1, why: '' };
    const later = { createdAt: '2026-11-23T22:05:00.000Z', ranked: [pool] };
    const times = { startedAt: '2026-11-23T22:00:00.000Z', stoppedAt: '2026-11-23T22:10:00.000Z' };
    const pricesOf = (over: Partial<Settlement>) => linesOfEach(over, later)[0]?.usdPerHourLater;
    expect(pricesOf(times)).toEqual([9]);
    expect(pricesOf({ startedAt: times.startedAt })).toBeUndefined();
    expect(pricesOf({ stoppedAt: times.stoppedAt })).toBeUndefined();
    expect(linesOfEach(times, { ...later, createdAt: times.startedAt })[0]?.usdPerHourLater).toBeUndefined();
  });
});
