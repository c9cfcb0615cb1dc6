import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { round } from '../numbers.ts';
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

const add = (one: Counts, other: Counts) => over(one, other, (a, b) => a + b);
const less = (one: Counts, other: Counts) => over(one, other, (a, b) => a - b);
const times = (one: Counts, factor: number) => over(one, one, (a) => a * factor);

/** @param events of an execution of one shard without a loss, whole */
export function readShape(events: readonly HistoryEvent[]): Shape {
  const start = events.findIndex((event) => event.mapIterationStartedEventDetails);
  const end = events.findIndex((event) => event.mapIterationSucceededEventDetails);
  if (start < 0 || end < start) throw new TypeError('Expected the history of one shard that went well');
  const all = count(events);
  const perShard = count(events.slice(start, end + 1));
  return { fixed: less(all, perShard), perShard };
}

/** What a part adds to its parent: Next part (a function), Any part left?, Run part (`startExecution.sync:2`). */
const perPart: Counts = { events: 5 + 2 + 6, transitions: 3, lambdaInvocations: 1 };
/** And the look after the last part, which finds none left. */
const afterParts: Counts = { events: 5 + 2, transitions: 2, lambdaInvocations: 1 };

/** The Map of the shards, which a parent does not enter; and the message, which a part leaves to its parent. */
const ofMap: Counts = { events: 4, transitions: 1, lambdaInvocations: 0 };
const ofMessage: Counts = { events: 5, transitions: 1, lambdaInvocations: 0 };

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
  readonly executionImages: number;
  /** Images of a part of a job above that. */
  readonly partImages: number;
  /** Of one part, or of the job where it is none. */
  readonly shards: number;
  readonly shape: Shape;
}

/** What a job of any size takes, by what one shard of it takes. Losses add to it. */
export function planExecutions({ prompts, executionImages, partImages, shards, shape }: PlanTerms): JobPlan {
  const parts = prompts > executionImages ? Math.ceil(prompts / partImages) : 1;
  const alone = add(shape.fixed, times(shape.perShard, shards));
  const part = less(alone, ofMessage);
  const parent = add(less(shape.fixed, ofMap), add(times(perPart, parts), afterParts));
  const { transitions, lambdaInvocations } = parts > 1 ? add(parent, times(part, parts)) : alone;
  return {
    prompts,
    parts,
    executions: parts > 1 ? parts + 1 : 1,
    shards: shards * parts,
    historyEvents: parts > 1 ? Math.max(parent.events, part.events) : alone.events,
    transitions,
    lambdaInvocations,
    transitionsUsd: round((toTransitionsUsd(transitions) / prompts) * 1000, 6),
    orchestrationUsd: round(toTransitionsUsd(transitions) + toInvocationsUsd(lambdaInvocations), 4),
  };
}
