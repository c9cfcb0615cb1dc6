import { describe, expect, it } from 'vitest';
import {
  cheapestHour,
  eagerNextRegion,
  onDemandOnly,
  randomZone,
  retryInPlace,
  staticBest,
} from '../../../bench/replay/baselines.ts';
import { lowerBound } from '../../../bench/replay/bound.ts';
import { foresight } from '../../../bench/replay/foresight.ts';
import { ours, oursWithoutLedger } from '../../../bench/replay/ours.ts';
import { onDemand, type Policy, type Terms } from '../../../bench/replay/policy.ts';
import { uniformProgress } from '../../../bench/replay/uniform-progress.ts';
import { aZone, hoursOfUsd, market, minutes, runOne, terms } from './scenes.ts';

const everyPolicy: readonly (readonly [string, (terms: Terms) => Policy])[] = [
  ['ours', (of) => ours(of)],
  ['ours without a ledger', oursWithoutLedger],
  ['retry in place', (of) => retryInPlace(of, 1)],
  ['random zone', (of) => randomZone(of, 1)],
  ['cheapest hour', cheapestHour],
  ['static best', (of) => staticBest(of, 'us-east-1a')],
  ['eager next region', eagerNextRegion],
  ['Uniform Progress', (of) => uniformProgress(of, 1)],
];

describe('a replay', () => {
  it.each(everyPolicy)('takes the work and one changeover where Spot is always there (%s)', (_, make) => {
    const { usd, makespanSeconds, starts, losses } = runOne([aZone('us-east-1a', '+')], make);
    expect({ makespanSeconds, starts, losses }).toEqual({ makespanSeconds: minutes(11), starts: 1, losses: 0 });
    expect(usd).toBeCloseTo(hoursOfUsd(11));
  });

  it.each(everyPolicy)('is in time on demand alone where Spot is never there (%s)', (_, make) => {
    const result = runOne([aZone('us-east-1a', '-')], make);
    expect(result.makespanSeconds).toBeLessThanOrEqual(minutes(30));
    expect(result.attempts.filter(({ place }) => place !== onDemand)).toEqual([]);
    expect(result.usd).toBeCloseTo(hoursOfUsd(0, result.onDemandSeconds / 60));
  });

  it.each(everyPolicy)('meets the deadline in whichever tick the only zone is lost for good (%s)', (_, make) => {
    for (let lostAt = 1; lostAt < 30; lostAt++) {
      const result = runOne([aZone('us-east-1a', `${'+'.repeat(lostAt)}-`)], make, { deadlineSeconds: minutes(15) });
      expect(result.makespanSeconds).toBeLessThanOrEqual(minutes(15));
    }
  });

  it('pays one more changeover for a loss, and keeps the work that was done', () => {
    // Minute 0 starts, minutes 1 to 4 work, lost; minute 5 starts elsewhere, six minutes are left.
    const zones = [aZone('us-east-1a', '+++++-'), aZone('us-east-1b', '+')];
    const result = runOne(zones, cheapestHour);
    expect(result).toMatchObject({ losses: 1, starts: 2, makespanSeconds: minutes(12) });
    expect(result.usd).toBeCloseTo(hoursOfUsd(12));
  });

  it('bills the last tick by the second', () => {
    expect(runOne([aZone('us-east-1a', '+')], onDemandOnly, { workSeconds: 90 }).makespanSeconds).toBe(150);
  });

  it('gives no zone that was not asked and no future', () => {
    const peek: Policy = {
      name: 'peek',
      startJob: () => ({ decide: () => ({ do: 'start', place: 'us-east-1a' }) }),
    };
    expect(() => runOne([aZone('us-east-1a', '-')], () => peek)).toThrow('to be asked');
  });
});

describe('the lower bound', () => {
  const zones = [aZone('us-east-1a', '+++++-'), aZone('us-east-1b', '-----+++-')];

  it('takes the union of the zones without changeovers and buys the rest on demand', () => {
    expect(lowerBound(0, terms(zones), market(zones))).toBeCloseTo(hoursOfUsd(8, 2));
  });

  it('is below foresight that pays for its changeovers, which is below every policy', () => {
    const paid = foresight(0, terms(zones), market(zones));
    expect(paid).toBeGreaterThan(lowerBound(0, terms(zones), market(zones)));
    for (const [, make] of everyPolicy) expect(runOne(zones, make).usd).toBeGreaterThanOrEqual(paid - 1e-9);
  });
});
