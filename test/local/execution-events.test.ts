import { expect, it } from 'vitest';
import type { Upstream } from '../../local/address/upstream.ts';
import { makeCleanUpDelivery, makeExecutionEvents } from '../../local/execution-events.ts';
import type { LambdaHost } from '../../local/lambda/host.ts';

const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:spot-diffusion:night';
const aCall = (action: string, body: object) => ({
  method: 'POST',
  path: '/',
  headers: { 'x-amz-target': `AWSStepFunctions.${action}` },
  body: Buffer.from(JSON.stringify(body)),
});
const aReply = (body: object) => ({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) });

it('tells Clean up job once, and what the caller of StopExecution said, whoever sees first that it stopped', async () => {
  const events: string[] = [];
  const host = {
    has: () => true,
    invoke: async (_: string, event: string) => {
      events.push(event);
      return { payload: 'null' };
    },
  } as unknown as LambdaHost;
  const stopped = { executionArn, name: 'night', status: 'ABORTED' };
  // Our own look comes later than that of a client, which moto answers without error and cause.
  const moto = {
    ask: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return aReply(stopped);
    },
  } as unknown as Upstream;
  const { observe, settle } = makeExecutionEvents(moto, makeCleanUpDelivery(host));
  observe(aCall('StopExecution', { executionArn, error: 'JobCanceled', cause: 'enough' }), aReply({}));
  observe(aCall('DescribeExecution', { executionArn }), aReply(stopped));
  await settle();
  expect(events.map((event) => JSON.parse(event).detail)).toMatchObject([
    { name: 'night', status: 'ABORTED', error: 'JobCanceled', cause: 'enough' },
  ]);
});

it('tries twice again what failed, as Lambda does with an event', async () => {
  let calls = 0;
  const host = {
    has: () => true,
    invoke: async () => {
      calls += 1;
      return calls < 3 ? { payload: '{}', functionError: 'Unhandled' } : { payload: 'null' };
    },
  } as unknown as LambdaHost;
  await makeCleanUpDelivery(host, [1, 1])({ detail: { name: 'night' } });
  expect(calls).toBe(3);
});
