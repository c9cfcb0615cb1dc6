import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../../functions/core/market/pools.ts';
import { type Deadline, keepDeadline } from '../../../../functions/core/pick/keep-deadline.ts';
import type { Quote } from '../../../../functions/core/pick/quote.ts';
import type { RejectedPool } from '../../../../functions/core/pick/rank-pools.ts';
import { fewEvents } from '../../../../functions/core/shard/next-step.ts';
import { aQuote, aTried } from '../../../fakes/builders.ts';

const now = Date.parse('2026-11-23T22:00:00Z');
const ids = { spot: 'use1-az1/g6.xlarge/spot', onDemand: 'any/g6.xlarge/on-demand' };
const base = { secondsPerImage: 2, startSeconds: 200, seconds: 1200 };
const spot = aQuote({ ...base, id: ids.spot });
const pool: Pool = { azId: 'any', instanceType: 'g6.xlarge', market: 'on-demand' };
const measured = { speed: 'measured', start: 'measured', losses: 'published' } as const;
const onDemand = aQuote({ ...base, id: ids.onDemand, pool, warm: false, evidence: measured });
const cold = { ...onDemand, id: 'cold' };
const closed: RejectedPool = { id: ids.spot, kind: 'closed', reason: 'lost or refused in this shard' };

// Nine of ten on demand: a twentieth slower than measured.
const start = 1.05 * 200;
const render = 1.05 * 1000;
/** A refusal takes longer than a start and an image. */
const safe = start + 600;

const keep = (
  slackSeconds: number,
  {
    quotes = [spot, onDemand],
    rejected = [],
    ...over
  }: Partial<Deadline> & {
    quotes?: readonly Quote[];
    rejected?: readonly RejectedPool[];
  } = {},
) => {
  const roundsAfter = over.roundsAfter ?? 0;
  const work = render + roundsAfter * (start + render);
  const readyBy = now + (work + slackSeconds) * 1000;
  const kept = keepDeadline({ quotes, rejected }, { readyBy, now, roundsAfter, tried: aTried(), ...over });
  return { ...kept, quotes: kept.quotes.map(({ id }) => id) };
};

describe('a deadline', () => {
  it('leaves Spot its chance while an attempt that it wastes still fits before on-demand', () => {
    expect(keep(safe)).toEqual({ quotes: [ids.spot, ids.onDemand], forcesOnDemand: false, waits: false });
    expect(keep(safe - 1)).toEqual({ quotes: [ids.onDemand], forcesOnDemand: true, waits: false });
  });

  it('counts a Spot start that takes longer than a refusal', () => {
    const slow = aQuote({ ...base, id: ids.spot, startSeconds: 700 });
    expect(keep(start + 702, { quotes: [slow, onDemand] }).forcesOnDemand).toBe(false);
    expect(keep(start + 701, { quotes: [slow, onDemand] }).forcesOnDemand).toBe(true);
  });

  it('counts the rounds that come after this one, each with its start', () => {
    expect(keep(safe, { roundsAfter: 3 }).forcesOnDemand).toBe(false);
    expect(keep(safe - 1, { roundsAfter: 3 }).forcesOnDemand).toBe(true);
  });

  it('goes by the fastest pool on demand', () => {
    const slow = { ...onDemand, id: 'slow', seconds: 9000 };
    expect(keep(safe, { quotes: [spot, slow, onDemand] }).forcesOnDemand).toBe(false);
    expect(keep(safe - 1, { quotes: [spot, slow, onDemand] }).quotes).toEqual(['slow', ids.onDemand]);
  });

  it('takes Spot as it is where there is nothing on demand', () => {
    expect(keep(-1000, { quotes: [spot] })).toEqual({ quotes: [ids.spot], forcesOnDemand: false, waits: false });
  });
});

describe('a deadline without Spot', () => {
  const none = { quotes: [onDemand], rejected: [closed] };
  // The first wait is a minute at most; 15 % of so little work are less than a wasted attempt.
  const kept = safe + 60;

  it('waits for Spot while that costs no time that on-demand needs', () => {
    expect(keep(kept, none)).toEqual({ quotes: [], forcesOnDemand: false, waits: true });
    expect(keep(kept - 1, none)).toEqual({ quotes: [ids.onDemand], forcesOnDemand: true, waits: false });
  });

  it('counts the next wait, which is longer than the last', () => {
    const third = { ...none, tried: aTried({ waits: 2 }) };
    expect(keep(safe + 240, third).waits).toBe(true);
    expect(keep(safe + 239, third).waits).toBe(false);
  });

  it('does not wait for what waiting can not bring', () => {
    const gone: RejectedPool = { id: ids.spot, kind: 'price', reason: 'no Spot price' };
    expect(keep(1e6, { ...none, rejected: [gone] }).quotes).toEqual([ids.onDemand]);
    expect(keep(1e6, { ...none, rejected: [{ ...closed, id: ids.onDemand }] }).waits).toBe(false);
  });

  it('stays on demand while an instance is there: to leave it would cost two starts', () => {
    expect(keep(1e6, { ...none, quotes: [{ ...onDemand, warm: true }] }).quotes).toEqual([ids.onDemand]);
  });

  it.each([
    ['can not come back', { rejected: [] }],
    ['is not waited for beside an idle instance', { quotes: [{ ...onDemand, warm: true }] }],
    ['is not waited for beside one of two that idles', { quotes: [{ ...onDemand, warm: true }, cold] }],
    ['was waited for in vain', { tried: aTried({ waits: 64 }) }],
  ])('does not put it on the deadline, while that is far, that Spot %s', (_, over) => {
    const kept = keep(1e6, { ...none, ...over });
    expect(kept.quotes[0]).toBe(ids.onDemand);
    expect(kept).toMatchObject({ forcesOnDemand: false, waits: false });
  });

  it('puts it on the deadline where that leaves no time for Spot, whatever else speaks against it', () => {
    expect(keep(0, { ...none, rejected: [] }).forcesOnDemand).toBe(true);
  });

  it.each([
    [{ waits: 63 }, true],
    [{ waits: 64 }, false],
    [{ counts: { NoSpotCapacity: 144 } }, true],
    [{ counts: { NoSpotCapacity: 145 } }, false],
    [{ counts: { [fewEvents]: 1 } }, false],
  ])('has patience with %j: %s', (tried, waits) => {
    expect(keep(1e6, { ...none, tried: aTried(tried) }).waits).toBe(waits);
    const kept = keep(1e6, { tried: aTried(tried) });
    expect(kept.quotes).toEqual(waits ? [ids.spot, ids.onDemand] : [ids.onDemand]);
    expect(kept.forcesOnDemand).toBe(false);
  });

  it('counts the boot of an on-demand instance that will be gone when Spot has wasted its time', () => {
    const warm = { ...onDemand, warm: true, bootSeconds: 10, coldBootSeconds: 100 };
    // Ninety seconds more of boot, in nine of ten cases, also before each round that comes after.
    for (const roundsAfter of [0, 2]) {
      const later = 1.05 * 90 * (roundsAfter + 1);
      expect(keep(safe + later, { roundsAfter, quotes: [spot, warm] }).forcesOnDemand).toBe(false);
      expect(keep(safe + later - 1, { roundsAfter, quotes: [spot, warm] }).forcesOnDemand).toBe(true);
    }
    expect(keep(safe + 1.05 * 90, { quotes: [spot, warm] }).forcesOnDemand).toBe(false);
    expect(keep(safe + 1.05 * 90 - 1, { quotes: [spot, warm] }).forcesOnDemand).toBe(true);
  });
});
