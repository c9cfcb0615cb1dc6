import { onDemand, type Terms } from './policy.ts';
import type { Market } from './simulate.ts';

const never = Number.POSITIVE_INFINITY;

/**
 * The least that a job can cost with its changeovers paid, for somebody who knows every tick to come: by dynamic
 * programming back from the deadline. Ticks are whole (a changeover is rounded to them, the work is rounded up). USD.
 */
export function foresight(startTick: number, terms: Terms, market: Market): number {
  const { gapSeconds } = terms;
  const toTicks = (seconds: number) => seconds / gapSeconds;
  const changeover = Math.round(toTicks(terms.changeoverSeconds));
  const work = Math.ceil(toTicks(terms.workSeconds));
  const places = [...market.zones.map(({ name }) => name), onDemand];
  const upOf = new Map(market.zones.map(({ name, up }) => [name, up]));
  // Mode 0: nowhere. Else place and ticks of its changeover that are left.
  const modes = 1 + places.length * (changeover + 1);
  const modeOf = (place: number, starting: number) => 1 + place * (changeover + 1) + starting;
  let next = new Float64Array((work + 1) * modes).fill(never).fill(0, 0, modes);
  const ticks = Math.floor(toTicks(terms.deadlineSeconds));
  for (let passed = ticks - 1; passed >= 0; passed--) {
    const tick = startTick + passed;
    const usd = places.map((place) => {
      const can = place === onDemand || upOf.get(place)?.[tick] === true;
      return can ? ((market.usdPerHour(place, tick) ?? never) * gapSeconds) / 3600 : never;
    });
    const now = new Float64Array(next.length).fill(never).fill(0, 0, modes);
    // More can't be done in the ticks that remain, and no less can be left after those that passed.
    for (let left = Math.max(1, work - passed); left <= Math.min(work, ticks - passed); left++) {
      const run = (place: number, starting: number) =>
        (usd[place] ?? never) +
        (starting > 0
          ? (next[left * modes + modeOf(place, starting - 1)] ?? never)
          : (next[(left - 1) * modes + modeOf(place, 0)] ?? never));
      let fresh = next[left * modes] ?? never;
      for (const place of places.keys()) fresh = Math.min(fresh, run(place, changeover));
      now[left * modes] = fresh;
      for (const place of places.keys()) {
        for (let starting = 0; starting <= changeover; starting++) {
          now[left * modes + modeOf(place, starting)] = Math.min(fresh, run(place, starting));
        }
      }
    }
    next = now;
  }
  return next[work * modes] ?? never;
}
