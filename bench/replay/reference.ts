import type { Recipe } from '../../functions/core/input/recipe.ts';
import type { LearnedSpeed } from '../../functions/core/learn/learned.ts';
import type { InstanceType } from '../../functions/core/market/instance-types.ts';
import { describeWork, type Work } from '../../functions/core/pick/work.ts';

/** What the recorded prices and availabilities are asked for: Stable Diffusion 1.5, 512x512, 50 steps. */
export const steps = 50;

export const recipe: Recipe = {
  prompt: 'a castle',
  negativePrompt: '',
  seed: 0,
  model: 'sd-1.5',
  revision: '0123456789ab',
  width: 512,
  height: 512,
  steps,
  guidance: 7.5,
  scheduler: 'ddim',
  loras: [],
};

export function workOf(images: number): Work {
  const one = describeWork([recipe]);
  if (!one) throw new Error(`Expected \`${recipe.model}\` to be a model of the registry`);
  return { ...one, images };
}

/** One row of the reference table as the ledger would hold it after many attempts: it outweighs every seed. */
export const learned = (instanceType: string, imagesPerSecond: number, loadSeconds: number): LearnedSpeed => ({
  model: recipe.model,
  size: `${recipe.width}x${recipe.height}`,
  instanceType,
  secondsPerStep: 1 / (imagesPerSecond * steps),
  loadSeconds,
  weight: 1000,
});

/** The GPU of the recorded availabilities. Its worker would not run here (`whyRefused`): the shape of its Spot market counts. */
export const v100: InstanceType = { name: 'p3.2xlarge', gpu: 'V100', vramGib: 15.7, vcpus: 8, memoryGib: 61 };
export const v100ImagesPerSecond = 0.531;
