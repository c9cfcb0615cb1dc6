import { learnSpeed, type SpeedMemory, toLearnedSpeed } from '../../functions/core/learn/learn.ts';
import type { LearnedSpeed } from '../../functions/core/learn/learned.ts';
import { emptyOutlook, type Outlook } from '../../functions/core/market/outlook.ts';
import { costOf } from '../../functions/core/pick/cost-model.ts';
import type { Quote } from '../../functions/core/pick/quote.ts';
import { rankPools } from '../../functions/core/pick/rank-pools.ts';
import { pilotImages, planPilots } from '../../functions/core/plan/pilots.ts';
import { shardImages } from '../../functions/core/plan/shard-length.ts';
import { sum } from '../numbers.ts';
import { learned, recipe, steps, workOf } from '../replay/reference.ts';
import type { World } from './world.ts';

/** Attempts that start before the first of them has taught anything. */
export const concurrency = 4;
/** Two attempts on one type differ by so much, as a share. */
const noise = 0.03;
/** Weights from S3 and importing the libraries. */
const loadSeconds = 17;

const outlookOf = ({ types, prices }: World, speeds: readonly LearnedSpeed[]): Outlook => ({
  ...emptyOutlook,
  types,
  spotPrices: prices,
  speeds,
});

function rank(world: World, images: number, speeds: readonly LearnedSpeed[]): readonly Quote[] {
  const pools = world.types.map(({ name }) => ({ azId: 'use1-az1', instanceType: name, market: 'spot' as const }));
  return rankPools(workOf(images), pools, outlookOf(world, speeds), { onDemand: 'never' }).quotes;
}

function best(world: World, images: number, speeds: readonly LearnedSpeed[]): Quote {
  const [quote] = rank(world, images, speeds);
  if (!quote) throw new Error('Expected a pool for the work');
  return quote;
}

/** Images of a shard, as Plan job cuts them. */
const sizeOf = (world: World, images: number, speeds: readonly LearnedSpeed[]) =>
  shardImages(images, (some) => best(world, some, speeds));

/** The small shards with which a job finds out about pools that might be cheaper than their listed speeds say. */
function pilots(world: World, images: number, speeds: readonly LearnedSpeed[]): readonly Part[] {
  const size = sizeOf(world, images, speeds);
  const found = planPilots(workOf(size), rank(world, size, speeds), outlookOf(world, speeds), images / size);
  return found.map((quote) => ({ quote, images: pilotImages }));
}

/** What the images cost in the pool of `quote` at the speed that it really has. */
function trueUsd(world: World, quote: Quote, images: number): number {
  const secondsPerImage = world.secondsPerImage.get(quote.pool.instanceType) ?? Number.NaN;
  return costOf({ ...quote, images, secondsPerImage }).usd;
}

interface Part {
  readonly quote: Quote;
  readonly images: number;
}

const countImages = (parts: readonly Part[]) => sum(parts.map(({ images }) => images));

/** Shards that start together, each in the pool that is the best by what is known at that moment. */
function nextWave(world: World, images: number, of: { left: number; speeds: readonly LearnedSpeed[]; room: number }) {
  const size = sizeOf(world, images, of.speeds);
  const quote = best(world, size, of.speeds);
  const wave: Part[] = [];
  for (let left = of.left; wave.length < of.room && left > 0; left -= size) {
    // The last one may be small enough for another pool.
    wave.push(left < size ? { quote: best(world, left, of.speeds), images: left } : { quote, images: size });
  }
  return wave;
}

/** The same job for somebody who knows all speeds. USD. */
const hindsight = (world: World, images: number, known: readonly LearnedSpeed[]): number =>
  sum(
    nextWave(world, images, { left: images, speeds: known, room: Number.POSITIVE_INFINITY }).map((part) =>
      trueUsd(world, part.quote, part.images),
    ),
  );

/** What an attempt teaches: the true speed, give or take its noise. */
function observe(world: World, instanceType: string, random: () => number): LearnedSpeed {
  const exact = (world.secondsPerImage.get(instanceType) ?? 0) / steps;
  const secondsPerStep = exact * (1 + noise * (2 * random() - 1));
  const size = `${recipe.width}x${recipe.height}`;
  return { model: recipe.model, size, instanceType, secondsPerStep, loadSeconds, weight: 1 };
}

/** Regret of each job in turn: what it cost over what it would have cost with all speeds known. */
export function runJobs(
  world: World,
  of: { jobs: number; images: number; pilots: boolean },
  random: () => number,
): readonly number[] {
  const memories = new Map<string, SpeedMemory>();
  const known = [...world.secondsPerImage].map(([type, seconds]) => learned(type, 1 / seconds, loadSeconds));
  const leastUsd = hindsight(world, of.images, known);
  let attempts = 0;

  const learn = (instanceType: string) =>
    memories.set(
      instanceType,
      learnSpeed(memories.get(instanceType), observe(world, instanceType, random), attempts++),
    );

  const speeds = () => [...memories.values()].map(toLearnedSpeed);

  function runJob(): number {
    let usd = 0;
    let wave = of.pilots ? pilots(world, of.images, speeds()) : [];
    for (let left = of.images; left > 0; wave = []) {
      // Pilots come first in the line, so that the shards that start beside them do not know what they find out.
      const started = countImages(wave);
      const rest = nextWave(world, of.images, {
        left: left - started,
        speeds: speeds(),
        room: concurrency - wave.length,
      });
      wave = [...wave, ...rest];
      usd += sum(wave.map(({ quote, images }) => trueUsd(world, quote, images)));
      left -= countImages(wave);
      for (const { quote } of wave) learn(quote.pool.instanceType);
    }
    return usd / leastUsd;
  }

  return Array.from({ length: of.jobs }, runJob);
}
