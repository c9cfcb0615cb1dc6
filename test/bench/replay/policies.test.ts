import { describe, expect, it } from 'vitest';
import { eagerNextRegion, retryInPlace } from '../../../bench/replay/baselines.ts';
import { ours, oursWithoutLedger } from '../../../bench/replay/ours.ts';
import { onDemand, type Policy } from '../../../bench/replay/policy.ts';
import { simulate } from '../../../bench/replay/simulate.ts';
import { uniformProgress } from '../../../bench/replay/uniform-progress.ts';
import { aZone, market, minutes, runOne, terms } from './scenes.ts';

const placesOf = (result: ReturnType<typeof runOne>) => result.attempts.map(({ place }) => place);

describe('our policy', () => {
  it('goes sideways at once and never back to the pool just lost', () => {
    const zones = [aZone('us-east-1a', '+++++-+'), aZone('us-east-1b', '+')];
    expect(placesOf(runOne(zones, (of) => ours(of)))).toEqual(['us-east-1a', 'us-east-1b']);
  });

  it('waits for Spot while the slack lasts, at no cost', () => {
    // Ten minutes of work by 60 minutes from now; ten minutes are what a Spot attempt may waste.
    const over = { deadlineSeconds: minutes(60) };
    const result = runOne([aZone('us-east-1a', '----------+')], (of) => ours(of), over);
    expect(placesOf(result)).toEqual(['us-east-1a']);
    // 11 of work and changeover, and no wait between two looks longer than the eight minutes of the fourth.
    expect(result.makespanSeconds).toBeGreaterThanOrEqual(minutes(21));
    expect(result.makespanSeconds).toBeLessThanOrEqual(minutes(29));
  });

  it('goes on demand at once where the slack is less than what Spot may waste', () => {
    const result = runOne([aZone('us-east-1a', '----------+')], (of) => ours(of), { deadlineSeconds: minutes(20) });
    expect(placesOf(result)).toEqual([onDemand]);
  });

  it('comes back from on-demand to Spot while there is slack for an attempt that Spot wastes', () => {
    // 15 % of the work are kept as slack when on-demand begins: 27 minutes.
    const over = { workSeconds: minutes(180), deadlineSeconds: minutes(240) };
    const result = runOne([aZone('us-east-1a', `${'-'.repeat(40)}+`)], (of) => ours(of), over);
    expect(placesOf(result)).toEqual([onDemand, 'us-east-1a']);
    expect(result.makespanSeconds).toBeLessThanOrEqual(minutes(240));
  });

  it('begins a later job where an earlier one was not lost', () => {
    const zones = [aZone('us-east-1a', '++++-+'), aZone('us-east-1b', '+')];
    const starts = (policy: Policy) =>
      simulate(policy, [0, 30], terms(zones), market(zones)).map(({ attempts }) => attempts[0]?.place);
    expect(starts(ours(terms(zones)))).toEqual(['us-east-1a', 'us-east-1b']);
    expect(starts(oursWithoutLedger(terms(zones)))).toEqual(['us-east-1a', 'us-east-1a']);
  });

  it('does not know of a loss before it happened', () => {
    const zones = [aZone('us-east-1a', '++++++-+'), aZone('us-east-1b', '+')];
    const results = simulate(ours(terms(zones)), [0, 4], terms(zones), market(zones));
    expect(results.map(({ attempts }) => attempts[0]?.place)).toEqual(['us-east-1a', 'us-east-1a']);
  });
});

describe('Uniform Progress', () => {
  it('goes on demand where it falls behind the line, and leaves it two changeovers ahead', () => {
    // The line asks for 1 minute of work in 3. No Spot: behind at minute 1, on demand from then on.
    const result = runOne([aZone('us-east-1a', '-')], (of) => uniformProgress(of, 1));
    expect(result.attempts[0]).toMatchObject({ place: onDemand, startedAt: minutes(1), end: 'left' });
    expect(result.starts).toBeGreaterThan(1);
    // Idle ahead of the line, on demand behind it: it ends near the deadline, not as soon as it could.
    expect(result.makespanSeconds).toBeGreaterThan(minutes(20));
  });

  it('takes Spot even when it is behind, and stays on it', () => {
    const result = runOne([aZone('us-east-1a', '-----+')], (of) => uniformProgress(of, 1));
    expect(placesOf(result)).toEqual([onDemand, 'us-east-1a']);
  });
});

describe('the baselines', () => {
  it('wait in place for the pool that was lost (retry in place)', () => {
    const zones = [aZone('us-east-1a', '+++++----+'), aZone('us-east-1b', '-----+')];
    expect(placesOf(runOne(zones, (of) => retryInPlace(of, 1)))).toEqual(['us-east-1a', 'us-east-1a']);
  });

  it('leave the region that was lost before its other zones are asked (eager next region)', () => {
    const zones = [aZone('us-east-1a', '+++-'), aZone('us-east-1b', '+'), aZone('us-west-2a', '+')];
    expect(placesOf(runOne(zones, eagerNextRegion))).toEqual(['us-east-1a', 'us-west-2a']);
  });
});
