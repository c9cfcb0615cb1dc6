import { setTimeout as sleep } from 'node:timers/promises';
import { paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import { type Moment, toMoments } from './moments.ts';

/** Milliseconds between two looks: the history is the only source, on AWS as here. */
const period = 250;

/** The moments of an execution as they happen, until it ends. Calls `betweenLooks` while nothing does. */
export async function* followExecution(
  client: SFNClient,
  executionArn: string,
  betweenLooks: () => Promise<void>,
): AsyncGenerator<Moment> {
  let seen = 0;
  for (;;) {
    const pages = paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn, includeExecutionData: true });
    for await (const page of pages) {
      for (const event of page.events ?? []) {
        if ((event.id ?? 0) <= seen) continue;
        seen = event.id ?? seen;
        for (const moment of toMoments(event)) {
          yield moment;
          if (moment.kind === 'ended') return;
        }
      }
    }
    await betweenLooks();
    await sleep(period);
  }
}
