import { setTimeout as sleep } from 'node:timers/promises';
import { type HistoryEvent, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import { type Moment, toMoments } from './moments.ts';

/** Milliseconds between two looks: the history is the only source, on AWS as here. */
const period = 120;

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
  client: SFNClient,
  executionArn: string,
  betweenLooks: () => Promise<void>,
): AsyncGenerator<Moment> {
  for (let seen = 0; ; ) {
    const events = await readHistory(client, executionArn);
    for (const moment of events.slice(seen).flatMap(toMoments)) {
      yield moment;
      if (moment.kind === 'ended') return;
    }
    seen = events.length;
    await betweenLooks();
    await sleep(period);
  }
}
