import type { InstanceType } from '../../functions/core/market/instance-types.ts';
import { instanceTypes } from '../../functions/core/market/instance-types.ts';
import type { SpotPrice } from '../../functions/core/market/outlook.ts';
import { findSpeed } from '../../functions/core/pick/speed.ts';
import { shuffle } from '../replay/random.ts';
import { workOf } from '../replay/reference.ts';

/** How far the wrong listed speeds are off: believed too fast, too slow, or some of each. */
export type Wrong = 'none' | 'too fast' | 'too slow' | 'either';
export const wrongs: readonly Wrong[] = ['none', 'too fast', 'too slow', 'either'];

export const off = 3;

/** A world in which half of our listed speeds are wrong. */
export interface World {
  readonly types: readonly InstanceType[];
  readonly prices: readonly SpotPrice[];
  /** What an image takes in truth, by type. Seconds. */
  readonly secondsPerImage: ReadonlyMap<string, number>;
}

function factorOf(wrong: Wrong, random: () => number): number {
  if (wrong === 'none') return 1;
  const tooFast = wrong === 'too fast' || (wrong === 'either' && random() < 0.5);
  return tooFast ? off : 1 / off;
}

/** The listed speed of a type, as a worker would have to confirm it. */
function listedOf(type: InstanceType): number {
  const speed = findSpeed(workOf(1), type, { speeds: [], types: [type] });
  if (!speed) throw new Error(`Expected a listed speed for \`${type.name}\``);
  return speed.secondsPerImage;
}

/** Spot at a third of on-demand, each zone up to a fifth dearer or cheaper. */
export function makeWorld(wrong: Wrong, random: () => number): World {
  const gpus = shuffle([...new Set(instanceTypes.map(({ gpu }) => gpu))], random);
  const factors = new Map(gpus.map((gpu, rank) => [gpu, rank < gpus.length / 2 ? factorOf(wrong, random) : 1]));
  return {
    types: instanceTypes,
    prices: instanceTypes.map(({ name, onDemandUsdPerHour }) => ({
      azId: 'use1-az1',
      instanceType: name,
      usdPerHour: (onDemandUsdPerHour / 3) * (0.8 + 0.4 * random()),
    })),
    secondsPerImage: new Map(instanceTypes.map((type) => [type.name, listedOf(type) * (factors.get(type.gpu) ?? 1)])),
  };
}
