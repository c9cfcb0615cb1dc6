import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { openStage } from '../../../bench/drills/stage.ts';
import { makeFront } from '../../../local/address/front.ts';

it('hands the bad end of an execution to the storm, and nobody else delivers it', { timeout: 60_000 }, async () => {
  const ends: unknown[] = [];
  const front = makeFront({ decide: () => undefined });
  const nothing = () => {};
  const deliverEnd = (event: unknown) => void ends.push(event);
  const stage = await openStage({ front, drill: [], onDrill: nothing, onLine: nothing, workers: 1, deliverEnd });
  try {
    const { stateMachineArn } = stage.local;
    const input = JSON.stringify({ prompt: '' });
    const start = new StartExecutionCommand({ stateMachineArn, name: 'wrong', input });
    const { executionArn } = await stage.executions.send(start);
    const describe = () => stage.executions.send(new DescribeExecutionCommand({ executionArn }));
    await expect.poll(describe, { timeout: 40_000, interval: 200 }).toMatchObject({ status: 'FAILED' });
    const detail = { executionArn, name: 'wrong', status: 'FAILED', input, error: 'InvalidPrompt' };
    expect(ends).toMatchObject([{ source: 'aws.states', detail }]);
    expect(existsSync(join(stage.stateDir, 'logs', 'clean-up-job.log'))).toBe(false);
  } finally {
    await stage.close();
  }
});
