import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** What the histories of a job's executions add up to. */
export interface HistoryFigures {
  readonly executions: number;
  /** Of the execution that has the most: AWS ends one at 25,000. */
  readonly historyEvents: number;
  /** Of any input or output of a state or its task, in any execution: AWS ends one at 262,144. */
  readonly largestPayloadBytes: number;
  /** The state that it belongs to. */
  readonly largestPayloadOf: string;
  readonly transitions: number;
  readonly lambdaInvocations: number;
  /** Tasks that failed, by state and error; most were tried again. */
  readonly failedTasks: Readonly<Record<string, number>>;
}

interface Payload {
  readonly bytes: number;
  readonly of: string;
}

const longestCause = 200;

const countEach = (names: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, each]) => [name, each.length]));

const bytesOf = (text: string | undefined) => (text === undefined ? 0 : Buffer.byteLength(text));

/** Everything in an event that AWS holds to 256 KiB. */
function payloadsOf(event: HistoryEvent): readonly (string | undefined)[] {
  return [
    event.executionStartedEventDetails?.input,
    event.executionSucceededEventDetails?.output,
    event.stateEnteredEventDetails?.input,
    event.stateExitedEventDetails?.output,
    event.taskScheduledEventDetails?.parameters,
    event.taskSubmittedEventDetails?.output,
    event.taskSucceededEventDetails?.output,
  ];
}

/** The state that an event belongs to: the last that was entered before it on its own way through the machine. */
function stateOf(event: HistoryEvent, byId: ReadonlyMap<number | undefined, HistoryEvent>): string {
  for (let at: HistoryEvent | undefined = event; at; at = byId.get(at.previousEventId)) {
    const name = at.stateEnteredEventDetails?.name ?? at.stateExitedEventDetails?.name;
    if (name) return name;
  }
  return '';
}

export function largestPayload(events: readonly HistoryEvent[]): Payload {
  const byId = new Map(events.map((event) => [event.id, event]));
  const sizes = events.map((event) => ({ event, bytes: Math.max(...payloadsOf(event).map(bytesOf)) }));
  const largest = sizes.reduce((most, size) => (size.bytes > (most?.bytes ?? 0) ? size : most), sizes[0]);
  return largest ? { bytes: largest.bytes, of: stateOf(largest.event, byId) } : { bytes: 0, of: '' };
}

/**
 * Steps executed, retries included, as AWS counts what it bills (aws.amazon.com/step-functions/pricing: "each retry will
 * be charged as an additional state transition"). An iteration of an inline Map is none of its own (Developer Guide,
 * "Transitions").
 */
export function countTransitions(events: readonly HistoryEvent[]): number {
  const byId = new Map(events.map((event) => [event.id, event]));
  const isRetry = ({ type, previousEventId }: HistoryEvent) =>
    type === 'TaskScheduled' && !byId.get(previousEventId)?.stateEnteredEventDetails;
  return events.filter((event) => event.stateEnteredEventDetails || isRetry(event)).length;
}

export const countInvocations = (events: readonly HistoryEvent[]): number =>
  events.filter((event) => event.taskScheduledEventDetails?.resourceType === 'lambda').length;

function listFailedTasks(events: readonly HistoryEvent[]): readonly string[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  return events.flatMap((event) => {
    const failed = event.taskFailedEventDetails ?? event.taskTimedOutEventDetails;
    return failed ? [`${stateOf(event, byId)}: ${failed.error}: ${failed.cause?.slice(0, longestCause)}`] : [];
  });
}

/** @param histories of the job and of its parts, each whole */
export function readHistories(histories: readonly (readonly HistoryEvent[])[]): HistoryFigures {
  const sum = (count: (events: readonly HistoryEvent[]) => number) =>
    histories.reduce((total, events) => total + count(events), 0);
  const largest = histories.map(largestPayload).toSorted((a, b) => b.bytes - a.bytes)[0];
  return {
    executions: histories.length,
    historyEvents: Math.max(0, ...histories.map((events) => events.length)),
    largestPayloadBytes: largest?.bytes ?? 0,
    largestPayloadOf: largest?.of ?? '',
    transitions: sum(countTransitions),
    lambdaInvocations: sum(countInvocations),
    failedTasks: countEach(histories.flatMap(listFailedTasks)),
  };
}
