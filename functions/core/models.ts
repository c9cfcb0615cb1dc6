import { z } from 'zod';
import sd15 from '../../models/sd-1.5.json' with { type: 'json' };
import sdxl from '../../models/sdxl.json' with { type: 'json' };
import tiny from '../../models/tiny.json' with { type: 'json' };
import { schedulerNames } from './recipe.ts';

/** One entry of the registry `models/<id>.json`. Memory in GiB at the default size, batch 1. */
export const modelSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  home: z.string(),
  revision: z.string(),
  licence: z.string(),
  pipeline: z.enum(['StableDiffusionPipeline', 'StableDiffusionXLPipeline']),
  dtype: z.enum(['float32', 'float16', 'bfloat16']),
  weightsGib: z.number().positive(),
  vramGib: z.number().positive(),
  size: z.strictObject({ default: z.int(), min: z.int(), max: z.int() }),
  steps: z.int(),
  guidance: z.number(),
  schedulers: z.array(z.enum(schedulerNames)).min(1),
  loras: z.boolean(),
});

export type Model = Readonly<z.infer<typeof modelSchema>>;

const registry: ReadonlyMap<string, Model> = new Map(
  [tiny, sd15, sdxl].map((entry) => modelSchema.parse(entry)).map((model) => [model.id, model]),
);

export const modelIds: readonly string[] = [...registry.keys()];
export const findModel = (id: string): Model | undefined => registry.get(id);
