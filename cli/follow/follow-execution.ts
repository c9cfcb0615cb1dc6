import { setTimeout as sleep } from 'node:timers/promises';
import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import type { Target } from '../target/target.ts';
import { type Moment, toMoments } from './moments.ts';

/** Milliseconds between two looks: the history is the only source, on AWS as here. AWS counts and throttles calls. */
const periods = { local: 120, aws: 3000 } as const;

async function readHistory(client: SFNClient, executionArn: string): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const request = { executionArn, includeExecutionData: true };
  for await (const page of paginateGetExecutionHistory({ client, pageSize: 1000 }, request)) {
    events.push(...(page.events ?? []));
  }
  return events;
}

/** The moments of an execution as they happen, until it ends. Calls `betweenLooks` while nothing does. */
export async function* followExecution(
  { executions, kind }: Pick<Target, 'executions' | 'kind'>,
  executionArn: string,
  betweenLooks: () => Promise<void>,
): AsyncGenerator<Moment> {
  for (let seen = 0; ; ) {
    const events = await readHistory(executions, executionArn);
    for (const moment of events.slice(seen).flatMap(toMoments)) {
      yield moment;
      if (moment.kind === 'ended') return;
    }
    seen = events.length;
    await betweenLooks();
    // A long history takes more calls to read: a page is a thousand events.
    await sleep(periods[kind] * Math.ceil((seen + 1) / 1000));
  }
}
