import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { countInvocations, countTransitions } from './history.ts';
import { toInvocationsUsd, toTransitionsUsd } from './prices.ts';

/** What an execution adds up to. */
interface Counts {
  readonly events: number;
  readonly transitions: number;
  readonly lambdaInvocations: number;
}

/** What every execution has, and what each of its shards adds where all goes well. */
export interface Shape {
  readonly fixed: Counts;
  readonly perShard: Counts;
}

const count = (events: readonly HistoryEvent[]): Counts => ({
  events: events.length,
  transitions: countTransitions(events),
  lambdaInvocations: countInvocations(events),
});

const over = (one: Counts, other: Counts, by: (a: number, b: number) => number): Counts => ({
  events: by(one.events, other.events),
  transitions: by(one.transitions, other.transitions),
  lambdaInvocations: by(one.lambdaInvocations, other.lambdaInvocations),
});

/** @param events of an execution of one shard without a loss, whole */
export function readShape(events: readonly HistoryEvent[]): Shape {
  const start = events.findIndex((event) => event.mapIterationStartedEventDetails);
  const end = events.findIndex((event) => event.mapIterationSucceededEventDetails);
  if (start < 0 || end < start) throw new TypeError('Expected the history of one shard that went well');
  const all = count(events);
  const perShard = count(events.slice(start, end + 1));
  return { fixed: over(all, perShard, (a, b) => a - b), perShard };
}

const ofExecution = ({ fixed, perShard }: Shape, shards: number): Counts =>
  over(fixed, perShard, (a, b) => a + b * shards);

/** An execution that starts each part with `startExecution.sync:2` in a Map: entered, scheduled, started, submitted, succeeded, exited, and the iteration's two. */
const perPart: Counts = { events: 8, transitions: 1, lambdaInvocations: 0 };

export interface JobPlan {
  readonly prompts: number;
  readonly parts: number;
  readonly executions: number;
  readonly shards: number;
  /** Of the execution that has the most. */
  readonly historyEvents: number;
  readonly transitions: number;
  readonly lambdaInvocations: number;
  /** Per 1,000 images. */
  readonly transitionsUsd: number;
  /** Of the whole job: state transitions and Lambda requests. */
  readonly orchestrationUsd: number;
}

export interface PlanTerms {
  readonly prompts: number;
  /** Images that one execution renders at most. */
  readonly partImages: number;
  /** Of a part that is full, or of the job where it is smaller. */
  readonly shards: number;
  readonly shape: Shape;
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** What a job of any size takes, by what one shard of it takes. Losses add to it. */
export function planExecutions({ prompts, partImages, shards, shape }: PlanTerms): JobPlan {
  const parts = Math.ceil(prompts / partImages);
  const rest = prompts - (parts - 1) * partImages;
  const lastShards = Math.ceil((shards * rest) / Math.min(partImages, prompts));
  const full = ofExecution(shape, shards);
  const last = ofExecution(shape, lastShards);
  const parent = over(shape.fixed, perPart, (a, b) => a + b * parts);
  const children = over(full, last, (a, b) => a * (parts - 1) + b);
  const sum = parts > 1 ? over(parent, children, (a, b) => a + b) : last;
  return {
    prompts,
    parts,
    executions: parts > 1 ? parts + 1 : 1,
    shards: shards * (parts - 1) + lastShards,
    historyEvents: parts > 1 ? Math.max(parent.events, full.events) : last.events,
    transitions: sum.transitions,
    lambdaInvocations: sum.lambdaInvocations,
    transitionsUsd: round((toTransitionsUsd(sum.transitions) / prompts) * 1000, 6),
    orchestrationUsd: round(toTransitionsUsd(sum.transitions) + toInvocationsUsd(sum.lambdaInvocations), 4),
  };
}
