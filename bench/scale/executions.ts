import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Stage } from './stage.ts';

/** A job's own execution and those of its parts. */
export interface EndedExecutions {
  /** Of the job's own. */
  readonly output: string;
  readonly seconds: number;
  readonly histories: readonly (readonly HistoryEvent[])[];
}

const longestMs = 3_600_000;

/** @returns its ARN */
export async function start({ executions, local }: Stage, name: string, input: unknown): Promise<string> {
  const { stateMachineArn } = local;
  const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
  return (await executions.send(command)).executionArn ?? '';
}

export async function readHistory({ executions }: Stage, executionArn: string): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client: executions }, { executionArn, maxResults: 1000 })) {
    events.push(...(page.events ?? []));
  }
  return events;
}

/** A job above what one execution holds runs its parts as executions of the same machine, `<job>-p001` and on. */
async function findParts({ executions, local }: Stage, name: string): Promise<readonly string[]> {
  const arns: string[] = [];
  const { stateMachineArn } = local;
  for await (const page of paginateListExecutions({ client: executions }, { stateMachineArn })) {
    for (const { name: other = '', executionArn = '' } of page.executions ?? []) {
      if (other.startsWith(name) && /^-p\d+$/.test(other.slice(name.length))) arns.push(executionArn);
    }
  }
  return arns.toSorted();
}

export async function finish(stage: Stage, name: string, executionArn: string): Promise<EndedExecutions> {
  const started = performance.now();
  for (;;) {
    const description = await stage.executions.send(new DescribeExecutionCommand({ executionArn }));
    const { status = '', output = '', error, cause } = description;
    const ms = performance.now() - started;
    if (status !== 'RUNNING') {
      if (status !== 'SUCCEEDED')
        throw new Error(`Expected job \`${name}\` to succeed, it ${status}: ${error} ${cause}`);
      const arns = [executionArn, ...(await findParts(stage, name))];
      const histories: (readonly HistoryEvent[])[] = [];
      for (const arn of arns) histories.push(await readHistory(stage, arn));
      return { output, seconds: ms / 1000, histories };
    }
    if (ms > longestMs) throw new Error(`Expected job \`${name}\` to end within ${longestMs / 1000} s.`);
    await sleep(Math.min(1000, 100 + ms / 100));
  }
}
