import { limits } from '../../functions/core/input/parts.ts';
import { round } from '../numbers.ts';
import { type JobPlan, planExecutions, readShape } from './arithmetic.ts';
import { finish, start } from './executions.ts';
import { uploadPrompts } from './prompts.ts';
import { openStage, type Stage } from './stage.ts';

const { imagesPerExecution: executionImages, imagesPerPart: partImages } = limits;
/** One shard of the tiny model. */
const sample = 100;

export interface ScalePlan extends JobPlan {
  /** Rendering, by the plan of one part times the parts. */
  readonly renderingUsd: number;
}

interface PartPlan {
  readonly shards: readonly unknown[];
  readonly costUsd: { readonly p50: number };
}

/** What Plan job says of one part: a job of `mode: plan`. */
async function planPart(stage: Stage, images: number): Promise<PartPlan> {
  const promptsFile = await uploadPrompts(stage.bucket, 'plan-part', images);
  const executionArn = await start(stage, 'plan-part', { promptsFile, mode: 'plan' });
  const { output } = await finish(stage, 'plan-part', executionArn);
  return JSON.parse(output);
}

/** The arithmetic of a job of any size: a job of one shard says what a shard takes, Plan job how many there are. */
export async function planOn(stage: Stage, prompts: number): Promise<ScalePlan> {
  const input = { promptsFile: await uploadPrompts(stage.bucket, 'sample', sample) };
  const { histories } = await finish(stage, 'sample', await start(stage, 'sample', input));
  const images = prompts > executionImages ? prompts / Math.ceil(prompts / partImages) : prompts;
  const part = await planPart(stage, Math.ceil(images));
  const shape = readShape(histories[0] ?? []);
  const plan = planExecutions({ prompts, executionImages, partImages, shards: part.shards.length, shape });
  return { ...plan, renderingUsd: round(part.costUsd.p50 * plan.parts, 4) };
}

export async function planScale(prompts: number): Promise<ScalePlan> {
  const stage = await openStage({ workers: 1, attemptMs: 0, makesThumbnails: false });
  try {
    return await planOn(stage, prompts);
  } finally {
    await stage.close();
  }
}
