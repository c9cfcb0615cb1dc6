import { z } from 'zod';
import fluxDev from '../../../models/flux-dev.json' with { type: 'json' };
import fluxSchnell from '../../../models/flux-schnell.json' with { type: 'json' };
import sd14 from '../../../models/sd-1.4.json' with { type: 'json' };
import sd15 from '../../../models/sd-1.5.json' with { type: 'json' };
import sd35Medium from '../../../models/sd-3.5-medium.json' with { type: 'json' };
import sdxl from '../../../models/sdxl.json' with { type: 'json' };
import tiny from '../../../models/tiny.json' with { type: 'json' };
import { schedulerNames } from './recipe.ts';

/** One entry of the registry `models/<id>.json`. Memory in GiB at the default size, batch 1. */
export const modelSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  home: z.string(),
  revision: z.string(),
  licence: z.string(),
  /** What a person accepts, and on which page, before the weights can be imported; null if anybody may. */
  gate: z.strictObject({ page: z.url(), accept: z.string() }).nullable(),
  pipeline: z.enum([
    'StableDiffusionPipeline',
    'StableDiffusionXLPipeline',
    'StableDiffusion3Pipeline',
    'FluxPipeline',
  ]),
  /** Whether the worker renders it: a test drew with random weights of the architecture. If not, a job that asks for it is refused. */
  renders: z.boolean(),
  dtype: z.enum(['float32', 'float16', 'bfloat16']),
  weightsGib: z.number().positive(),
  vramGib: z.number().positive(),
  /** Pixels. `step`: width and height are multiples of it, by the VAE's scale and the denoiser's patches. */
  size: z.strictObject({ default: z.int(), min: z.int(), max: z.int(), step: z.int() }),
  steps: z.int(),
  guidance: z.number(),
  schedulers: z.array(z.enum(schedulerNames)).min(1),
  /** Whether a recipe may name LoRAs, `loras/<name>.safetensors` in the bucket. */
  loras: z.boolean(),
});

export type Model = Readonly<z.infer<typeof modelSchema>>;

const registry: ReadonlyMap<string, Model> = new Map(
  [tiny, sd14, sd15, sdxl, sd35Medium, fluxSchnell, fluxDev]
    .map((entry) => modelSchema.parse(entry))
    .map((model) => [model.id, model]),
);

export const modelIds: readonly string[] = [...registry.keys()];
export const findModel = (id: string): Model | undefined => registry.get(id);
/** Those that a job may ask for. */
export const renderedModelIds: readonly string[] = modelIds.filter((id) => registry.get(id)?.renders);
