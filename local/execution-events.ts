import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Upstream } from './address/upstream.ts';
import type { WireReply } from './address/wire.ts';
import type { LambdaHost } from './lambda/host.ts';
import { ACCOUNT, REGION } from './names.ts';

/*
 * What EventBridge does on AWS: the rule on "Step Functions Execution Status Change" hands an execution that ended badly
 * to *Clean up job*. moto sends no such event, so it is made here when a caller ends an execution (StopExecution) or
 * learns that it has ended (DescribeExecution).
 * Gotcha: moto answers StopExecution before the execution has stopped (up to 0.5 s, its poll of a Batch job), and it
 * forgets the error and cause that the caller gave.
 */
const CLEAN_UP = 'clean-up-job';
const BAD_ENDS = ['FAILED', 'TIMED_OUT', 'ABORTED'];
const STOP = 'AWSStepFunctions.StopExecution';
const DESCRIBE = 'AWSStepFunctions.DescribeExecution';
const STOPPED_WITHIN_MS = 10_000;
const ASK_EVERY_MS = 100;
/** An asynchronous invocation is tried twice again, on AWS after one minute and after two. */
const RETRY_AFTER_MS = [2000, 4000];

type Execution = Readonly<Record<string, unknown>>;

/** Takes the event of an execution that ended badly. */
export type DeliverEnd = (event: Readonly<Record<string, unknown>>) => void | Promise<void>;

export interface ExecutionEvents {
  isWatched(call: Call): boolean;
  /** To be called with each watched call and moto's answer. */
  observe(call: Call, reply: WireReply): void;
  /** Waits for the deliveries under way. */
  settle(): Promise<void>;
}

/** To *Clean up job*, at once. */
export const makeCleanUpDelivery =
  (host: LambdaHost, retryAfterMs = RETRY_AFTER_MS): DeliverEnd =>
  async (event) => {
    if (!host.has(CLEAN_UP)) return;
    for (const waitMs of [...retryAfterMs, 0]) {
      if (!(await host.invoke(CLEAN_UP, JSON.stringify(event))).functionError) return;
      await sleep(waitMs);
    }
  };

export function makeExecutionEvents(moto: Upstream, deliverEnd: DeliverEnd): ExecutionEvents {
  const delivered = new Set<unknown>();
  /** What the caller of StopExecution said, for whoever learns first that the execution has stopped. */
  const said = new Map<unknown, Execution>();
  const underway = new Set<Promise<unknown>>();
  const deliver = async (execution: Execution) => {
    const { executionArn, status } = execution;
    if (delivered.has(executionArn) || !BAD_ENDS.includes(String(status))) return;
    delivered.add(executionArn);
    await deliverEnd(toEvent({ ...execution, ...said.get(executionArn) }));
  };
  const keep = (delivery: Promise<void>) => {
    // A delivery that fails is EventBridge's business, never the caller's.
    const kept: Promise<void> = delivery.catch(() => {}).finally(() => underway.delete(kept));
    underway.add(kept);
  };
  return {
    isWatched: ({ headers }) => [STOP, DESCRIBE].includes(String(headers['x-amz-target'])),
    observe: ({ headers, body }, reply) => {
      if (reply.status !== 200) return;
      const { executionArn, error, cause } = JSON.parse(String(body));
      if (headers['x-amz-target'] === DESCRIBE) keep(deliver(JSON.parse(reply.body.toString())));
      else {
        said.set(executionArn, { error, cause });
        keep(awaitStop(moto, executionArn).then(deliver));
      }
    },
    settle: async () => void (await Promise.all(underway)),
  };
}

async function awaitStop(moto: Upstream, executionArn: string): Promise<Execution> {
  const headers = { 'x-amz-target': DESCRIBE, 'content-type': 'application/x-amz-json-1.0' };
  const body = Buffer.from(JSON.stringify({ executionArn }));
  for (const end = Date.now() + STOPPED_WITHIN_MS; ; await sleep(ASK_EVERY_MS)) {
    const reply = await moto.ask('states', { method: 'POST', path: '/', headers, body });
    const execution: Execution = JSON.parse(reply.body.toString());
    if (execution.status !== 'RUNNING') return execution;
    if (Date.now() > end) return { ...execution, status: 'ABORTED' };
  }
}

function toEvent(execution: Execution): Record<string, unknown> {
  const { executionArn, startDate, stopDate, output = null, error = null, cause = null } = execution;
  const milliseconds = (seconds: unknown) => (typeof seconds === 'number' ? Math.round(seconds * 1000) : null);
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: ACCOUNT,
    time: new Date().toISOString(),
    region: REGION,
    resources: [executionArn],
    detail: {
      executionArn,
      stateMachineArn: execution.stateMachineArn,
      name: execution.name,
      status: execution.status,
      startDate: milliseconds(startDate),
      stopDate: milliseconds(stopDate) ?? Date.now(),
      input: execution.input,
      output,
      error,
      cause,
    },
  };
}
