import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReceiptLine } from '../../../../functions/core/receipt/receipt-line.ts';
import { type ReportDetails, toPageData } from '../../../../functions/core/report/to-page-data.ts';
import { aManifestLine, aReceipt, aSettlement } from '../../../fakes/builders.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 22) + seconds * 1000).toISOString();
const ranked = [{ pool: 'a', gpu: 'L4', usdPerHour: 1, usdPerImage: 1, minutes: 1, why: '' }];
const dataOf = (attempts: readonly ReceiptLine[], details: Partial<ReportDetails> = {}) =>
  toPageData(aReceipt({ attempts, usd: attempts.reduce((sum, { usd }) => sum + usd, 0) }), [aManifestLine()], {
    layout: 'folder',
    ...details,
  });
const waitOf = (over: Partial<ReceiptLine>) => dataOf([aSettlement(over)]).attempts[0]?.wait;

describe('toPageData', () => {
  it('shows costs to a hundredth of a cent that add up to the total that is shown', () => {
    const costs = fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(costs, (given) => {
        const total = given.reduce((sum, usd) => sum + usd, 0);
        fc.pre(total > 1e-6);
        const { attempts } = dataOf(given.map((usd, shard) => aSettlement({ shard, usd })));
        const shown = attempts.reduce((sum, { usd }) => sum + Math.round(usd * 10_000), 0);
        expect(shown).toBe(Math.round(total * 10_000));
      }),
    );
  });

  it('gives each wait its sentence: what AWS Batch told, how it ended, or that nobody told anything', () => {
    const times = { createdAt: at(0), startedAt: at(200), stoppedAt: at(300) };
    expect(waitOf({ ...times, wait: { sentence: 'no capacity' } })).toBe('no capacity');
    expect(waitOf(times)).toBe('its container started after 3 min; AWS Batch told of nothing unusual');
    expect(waitOf({ ...times, startedAt: at(5) })).toBeUndefined();
    expect(waitOf({ createdAt: at(0), reason: 'refused', note: 'a pilot' })).toBe('a pilot; refused');
    expect(waitOf({ createdAt: at(0) })).toBe('it never started; AWS Batch gave no reason');
    expect(waitOf({})).toBeUndefined();
    expect(waitOf({ createdAt: at(0), startedAt: at(200) })).toBeUndefined();
  });

  it('shows a ranking once for all attempts that were picked by it', () => {
    const settlements = [
      aSettlement({ pool: 'a', ranked }),
      aSettlement({ shard: 1, pool: 'a', ranked }),
      aSettlement({ shard: 1, attempt: 2, pool: 'b', ranked, note: 'a pilot' }),
      aSettlement({ shard: 2 }),
      aSettlement({ shard: 3, ranked: [] }),
    ];
    expect(dataOf([], { settlements }).picks).toEqual([
      { attempts: ['0.1', '1.1'], chosen: 'a', note: '', ranked },
      { attempts: ['1.2'], chosen: 'b', note: 'a pilot', ranked },
    ]);
  });

  it('shows when a shard had no pool, and until when', () => {
    const pauses = [{ version: 1, shard: 3, from: at(10), seconds: 60, reason: 'none is open' } as const];
    expect(dataOf([], { pauses }).pauses).toEqual([
      { shard: 3, from: Date.parse(at(10)), to: Date.parse(at(70)), sentence: 'none is open' },
    ]);
  });

  it('leaves out prices where there are none, and reckons what was lost where an older receipt does not say', () => {
    const prices = { version: 1, from: 0, to: 1, curves: [] } as const;
    expect(dataOf([], { prices }).prices).toBeUndefined();
    const lost = aSettlement({ outcome: 'WorkerLost', usd: 0.2 });
    expect(dataOf([lost]).receipt.lost).toMatchObject({ attempts: 1, usd: 0.2 });
    expect(dataOf([]).requeue).toBe(false);
    expect(toPageData(aReceipt({ failed: 1 }), [], { layout: 'bucket' })).toMatchObject({
      requeue: true,
      pictures: undefined,
    });
  });
});
