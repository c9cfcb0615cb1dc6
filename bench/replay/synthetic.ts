import { ZONES } from '../../local/market/pools.ts';
import { listPriceChanges } from '../../local/market/walk.ts';
import { epoch, toMs } from './installation.ts';
import type { PriceSteps } from './prices.ts';
import { makeRandom } from './random.ts';
import type { Traces, Zone } from './traces.ts';

/** SYNTHETIC: nobody recorded this. Spells of capacity and of none, in the shape of what was recorded of GPUs in 2023. */
const gapSeconds = 195;
const days = 45;
const ticks = Math.floor((days * 86_400) / gapSeconds);

/** Most spells are short and a few last for days: a Pareto law of index 1.2, as recorded spells fall off. */
const spellSeconds = (shortest: number, random: () => number) => shortest * (1 - random()) ** (-1 / 1.2);

function makeZone(name: string, region: string, random: () => number): Zone {
  const shortestUp = 1200 + 2400 * random();
  const shortestDown = 600 + 900 * random();
  const up: boolean[] = [];
  for (let isUp = random() < 0.7; up.length < ticks; isUp = !isUp) {
    const spell = Math.ceil(spellSeconds(isUp ? shortestUp : shortestDown, random) / gapSeconds);
    up.push(...Array.from({ length: Math.min(spell, ticks - up.length) }, () => isUp));
  }
  return { name, region, up };
}

/** The same for the same seed. */
export function syntheticTraces(
  names: readonly { readonly name: string; readonly region: string }[],
  seed: number,
): Traces {
  const zones = names.map(({ name, region }, index) => makeZone(name, region, makeRandom(seed * 100 + index)));
  return { gapSeconds, zones };
}

/** The prices of the local market: published ones, moved by a seeded walk. */
export function syntheticPrices(instanceType: string, seed: number): readonly PriceSteps[] {
  const query = { from: new Date(epoch), to: new Date(toMs(days * 86_400)), instanceTypes: [instanceType] };
  const changes = listPriceChanges(seed, query).toReversed();
  return ZONES.map(({ id }) => {
    const own = changes.filter(({ zone }) => zone.id === id);
    return {
      region: 'us-east-1',
      azId: id,
      instanceType,
      times: own.map(({ at }) => at.getTime()),
      usdPerHour: own.map(({ usdPerHour }) => usdPerHour),
      recordedUntil: query.to.getTime(),
    };
  });
}
