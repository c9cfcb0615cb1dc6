import { onDemand, type Place, type Policy, type Terms } from '../../../bench/replay/policy.ts';
import { v100, v100ImagesPerSecond } from '../../../bench/replay/reference.ts';
import { type Market, simulate } from '../../../bench/replay/simulate.ts';
import type { Zone } from '../../../bench/replay/traces.ts';

/** `+` is a tick with capacity, `-` one without; the last letter stays for ever. */
export function aZone(name: string, pattern: string): Zone {
  const up = Array.from({ length: 400 }, (_, tick) => (pattern[tick] ?? pattern.at(-1)) === '+');
  return { name, region: name.slice(0, -1), up };
}

/** Ten minutes of work in ticks of a minute, a minute of changeover, half an hour until the deadline. */
export const terms = (zones: readonly Zone[], over: Partial<Terms> = {}): Terms => ({
  workSeconds: 600,
  deadlineSeconds: 1800,
  changeoverSeconds: 60,
  gapSeconds: 60,
  zones,
  type: v100,
  imagesPerSecond: v100ImagesPerSecond,
  ...over,
});

/** A dollar an hour on Spot, three on demand. */
export const market = (zones: readonly Zone[]): Market => ({
  zones,
  usdPerHour: (place: Place) => (place === onDemand ? 3 : 1),
});

export function runOne(zones: readonly Zone[], make: (terms: Terms) => Policy, over: Partial<Terms> = {}) {
  const [result] = simulate(make(terms(zones, over)), [0], terms(zones, over), market(zones));
  if (!result) throw new Error('Expected a result');
  return result;
}

export const minutes = (count: number) => count * 60;
export const hoursOfUsd = (spotMinutes: number, onDemandMinutes = 0) => (spotMinutes + 3 * onDemandMinutes) / 60;
