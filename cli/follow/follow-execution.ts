import { setTimeout as sleep } from 'node:timers/promises';
import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import type { Target } from '../target/target.ts';
import { type Moment, toMoments } from './moments.ts';

/** Milliseconds between two looks: the history is the only source, on AWS as here. AWS counts and throttles calls. */
const periods = { local: 120, aws: 3000 } as const;

const idOf = ({ id = 0 }: HistoryEvent) => id;

/** The events after the one with this id, oldest first: of a long history the newest pages are enough. */
async function readSince(client: SFNClient, executionArn: string, last: number): Promise<readonly HistoryEvent[]> {
  const found: HistoryEvent[] = [];
  const request = { executionArn, includeExecutionData: true, reverseOrder: true };
  for await (const { events = [] } of paginateGetExecutionHistory({ client, pageSize: last ? 100 : 1000 }, request)) {
    found.push(...events);
    if (events.some((event) => idOf(event) <= last)) break;
  }
  // The local engine knows one order alone.
  return found.filter((event) => idOf(event) > last).toSorted((a, b) => idOf(a) - idOf(b));
}

/** The moments of an execution as they happen, until it ends. Calls `betweenLooks` while nothing does. */
export async function* followExecution(
  { executions, kind }: Pick<Target, 'executions' | 'kind'>,
  executionArn: string,
  betweenLooks: () => Promise<void>,
): AsyncGenerator<Moment> {
  for (let last = 0; ; await sleep(periods[kind])) {
    for (const event of await readSince(executions, executionArn, last)) {
      last = idOf(event);
      for (const moment of toMoments(event)) {
        yield moment;
        if (moment.kind === 'ended') return;
      }
    }
    await betweenLooks();
  }
}
