import type { Terms } from './policy.ts';
import type { Market } from './simulate.ts';

/**
 * What nobody can beat: who knows the future, moves at no cost, takes the cheapest seconds of the union of all zones
 * before the deadline and buys the rest on demand. USD. No changeover, so that a policy's own start is counted against it.
 */
export function lowerBound(startTick: number, terms: Terms, market: Market): number {
  const { gapSeconds, workSeconds, deadlineSeconds } = terms;
  const seconds: { usdPerHour: number; seconds: number }[] = [];
  for (let tick = startTick, left = deadlineSeconds; left > 0; tick++, left -= gapSeconds) {
    const prices = market.zones.flatMap((zone) =>
      (zone.up[tick] ? [market.usdPerHour(zone.name, tick) ?? []] : []).flat(),
    );
    const onDemandPrice = market.usdPerHour('on-demand', tick) ?? Number.POSITIVE_INFINITY;
    seconds.push({ usdPerHour: Math.min(onDemandPrice, ...prices), seconds: Math.min(gapSeconds, left) });
  }
  let left = workSeconds;
  let usd = 0;
  for (const slice of seconds.toSorted((a, b) => a.usdPerHour - b.usdPerHour)) {
    const used = Math.min(left, slice.seconds);
    usd += (used * slice.usdPerHour) / 3600;
    left -= used;
  }
  return usd;
}
