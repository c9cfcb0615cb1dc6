import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { rankedRowSchema } from '../../functions/core/pick/pick-schema.ts';

/** What a person wants to know of an execution, in order. */
export type Moment =
  | { readonly kind: 'entered'; readonly state: string; readonly shard?: number; readonly part?: number }
  | { readonly kind: 'planned'; readonly plan: PlanView }
  | { readonly kind: 'found'; readonly shard: number; readonly images: number; readonly missing: number }
  | { readonly kind: 'picked'; readonly shard: number; readonly attempt: number; readonly pick: PickView }
  | { readonly kind: 'settled'; readonly shard: number; readonly step: StepView }
  | { readonly kind: 'ended'; readonly status: EndStatus; readonly error?: string; readonly cause?: string };

export type EndStatus = 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';

const range = z.object({ p50: z.number(), p90: z.number() });

export const planView = z.object({
  ranked: z.array(rankedRowSchema),
  rejected: z.array(z.object({ id: z.string(), reason: z.string() })),
  rejectedCount: z.number(),
  pilots: z.array(z.object({ instanceType: z.string(), images: z.number(), usd: z.number() })),
  advice: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      have: z.number(),
      need: z.number(),
      link: z.string(),
      text: z.string(),
    }),
  ),
  gaps: z.array(z.string()),
  costUsd: z.object({ p50: z.number(), p90: z.number(), onDemand: z.number() }),
  readySeconds: range,
  concurrency: z.number(),
  /** Of the whole job. */
  images: z.number().optional(),
  /** Rendered one after another, each in an execution of its own; their shards are cut then. */
  parts: z.number().optional(),
  shards: z.array(z.object({ shard: z.number(), key: z.string(), images: z.number() })),
});
const pickView = z.object({ pool: z.string(), ranked: z.array(rankedRowSchema), timeoutSeconds: z.number() });
const stepView = z.object({
  action: z.string(),
  waitSeconds: z.number(),
  outcome: z.string(),
  reason: z.string(),
  pool: z.string(),
  seconds: z.number(),
});

export type PlanView = Readonly<z.infer<typeof planView>>;
export type PickView = Readonly<z.infer<typeof pickView>>;
export type StepView = Readonly<z.infer<typeof stepView>>;

const inShard = z.object({ shard: z.number(), attempt: z.number() });
const inPart = z.object({ part: z.number() });
const found = z.object({ shard: z.number(), images: z.number(), missing: z.number() });
const picked = inShard.extend({ pick: pickView });
const settled = z.object({ shard: z.number(), step: stepView });

/** What a state said, where it says what we ask for. */
const read =
  <Said>(schema: z.ZodType<Said>, toMoment: (said: Said) => Moment) =>
  (output: unknown): readonly Moment[] => {
    const parsed = schema.safeParse(output);
    return parsed.success ? [toMoment(parsed.data)] : [];
  };

const exits: Readonly<Record<string, (output: unknown) => readonly Moment[]>> = {
  'Plan job': read(planView, (plan) => ({ kind: 'planned', plan })),
  'Find missing images': read(found, (look) => ({ kind: 'found', ...look })),
  'Pick spot pool': read(picked, (pick) => ({ kind: 'picked', ...pick })),
  'Settle attempt': read(settled, (step) => ({ kind: 'settled', ...step })),
};

/** One event of GetExecutionHistory as moments; most events are none. */
export function toMoments(event: HistoryEvent): readonly Moment[] {
  const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } = event;
  if (entered?.name) {
    const input = JSON.parse(entered.input ?? 'null');
    const part = entered.name === 'Run part' ? inPart.safeParse(input).data?.part : undefined;
    return [{ kind: 'entered', state: entered.name, shard: inShard.safeParse(input).data?.shard, part }];
  }
  if (exited?.name) return exits[exited.name]?.(JSON.parse(exited.output ?? 'null')) ?? [];
  switch (event.type) {
    case 'ExecutionSucceeded':
      return [{ kind: 'ended', status: 'SUCCEEDED' }];
    case 'ExecutionFailed':
      return [{ kind: 'ended', status: 'FAILED', ...event.executionFailedEventDetails }];
    case 'ExecutionAborted':
      return [{ kind: 'ended', status: 'ABORTED', ...event.executionAbortedEventDetails }];
    case 'ExecutionTimedOut':
      return [{ kind: 'ended', status: 'TIMED_OUT', ...event.executionTimedOutEventDetails }];
    default:
      return [];
  }
}
