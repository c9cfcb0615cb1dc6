import { findModel } from '../input/models.ts';
import type { Recipe } from '../input/recipe.ts';
import type { Gpu } from './instance-types.ts';

export type Evidence = 'measured' | 'published' | 'assumed';

export interface Throughput {
  /** Denoising steps per second summed over the batch, at the model's default size. */
  readonly stepsPerSecond: number;
  readonly evidence: Evidence;
}

/**
 * Listed speeds, until the ledger has figures of its own. Published: diffusers' torch 2.0 page (T4), Lambda's benchmark.csv
 * (A10 as a stand-in for A10G), stable-fast's README (H100), all eager. Assumed: scaled by memory bandwidth between
 * the published neighbours; nobody measured them here.
 */
const stableDiffusion1: Readonly<Record<Gpu, Throughput>> = {
  T4: { stepsPerSecond: 6.9, evidence: 'published' },
  A10G: { stepsPerSecond: 19.5, evidence: 'published' },
  L4: { stepsPerSecond: 14, evidence: 'assumed' },
  L40S: { stepsPerSecond: 40, evidence: 'assumed' },
  'RTX PRO 6000': { stepsPerSecond: 50, evidence: 'assumed' },
  H100: { stepsPerSecond: 54.5, evidence: 'published' },
};

/**
 * Assumed: scaled by dense half-precision throughput from 28 steps in 24.94 s on an L20 (README of flux-faster, eager).
 * Only GPUs that hold it.
 */
const flux: Readonly<Partial<Record<Gpu, Throughput>>> = {
  L40S: { stepsPerSecond: 1.7, evidence: 'assumed' },
  'RTX PRO 6000': { stepsPerSecond: 2.4, evidence: 'assumed' },
  H100: { stepsPerSecond: 4.3, evidence: 'assumed' },
};

const listed: Readonly<Record<string, Readonly<Partial<Record<string, Throughput>>>>> = {
  // The same network, trained for longer.
  'sd-1.4': stableDiffusion1,
  'sd-1.5': stableDiffusion1,
  sdxl: {
    T4: { stepsPerSecond: 1.15, evidence: 'published' },
    A10G: { stepsPerSecond: 3.2, evidence: 'assumed' },
    L4: { stepsPerSecond: 2.4, evidence: 'assumed' },
    L40S: { stepsPerSecond: 7.5, evidence: 'assumed' },
    'RTX PRO 6000': { stepsPerSecond: 10, evidence: 'assumed' },
    H100: { stepsPerSecond: 14.9, evidence: 'published' },
  },
  // A fifth of FLUX's parameters, twice a step (guidance).
  'sd-3.5-medium': {
    A10G: { stepsPerSecond: 1.4, evidence: 'assumed' },
    L4: { stepsPerSecond: 1.2, evidence: 'assumed' },
    L40S: { stepsPerSecond: 4, evidence: 'assumed' },
    'RTX PRO 6000': { stepsPerSecond: 5.5, evidence: 'assumed' },
    H100: { stepsPerSecond: 10, evidence: 'assumed' },
  },
  'flux-schnell': flux,
  'flux-dev': flux,
  // The tiny model is bound by kernel launches: about the same on every GPU.
  tiny: {
    T4: { stepsPerSecond: 400, evidence: 'assumed' },
    A10G: { stepsPerSecond: 600, evidence: 'assumed' },
    L4: { stepsPerSecond: 600, evidence: 'assumed' },
    L40S: { stepsPerSecond: 800, evidence: 'assumed' },
    'RTX PRO 6000': { stepsPerSecond: 800, evidence: 'assumed' },
    H100: { stepsPerSecond: 800, evidence: 'assumed' },
  },
};

/** Seconds that an image takes on `gpu`, all of its steps drawn, and what we know it from. Time grows with steps and with pixels. */
export function secondsPerImage(recipe: Recipe, gpu: string): { seconds: number; evidence: Evidence } | undefined {
  const speed = listed[recipe.model]?.[gpu];
  const model = findModel(recipe.model);
  if (!speed || !model) return undefined;
  const pixels = (recipe.width * recipe.height) / model.size.default ** 2;
  return { seconds: (recipe.steps * pixels) / speed.stepsPerSecond, evidence: speed.evidence };
}
