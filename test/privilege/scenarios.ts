import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { jobKey } from '../../functions/core/storage/keys.ts';
import { until } from '../machine/calls.ts';
import type { Machine } from '../machine/harness.ts';
import { invoke } from './invoke.ts';

export interface Ends {
  /** How each execution ended, by the name of its scenario. */
  readonly [scenario: string]: string | undefined;
}

/** Refused by one pool, interrupted in the next, finished in a third; then all that a job may ask for. */
export const drill = [
  { kind: 'capacity', pool: '*' },
  { kind: 'interrupt', afterImages: 2, noticeSeconds: 20 },
] as const;

const scheduled = { prompt: 'a ring', schedule: { name: 'nightly', time: '2026-11-23T01:00:00Z' } };

/** Every way through the machine that makes calls of its own kind. */
export async function runWorkflows(machine: Machine): Promise<Ends> {
  const status = async (input: unknown) => (await machine.run(input)).status;
  await machine.bucket.write('prompts/night.txt', 'a red circle\na blue __colour__ star\n');
  await machine.bucket.write('wildcards/colour.txt', 'pale\ndark\n');
  return {
    'another pool after a refusal and an interruption': await status({ prompt: 'a star', count: 30 }),
    'a prompts file and a wildcard list': await status({ promptsFile: 's3://spot-diffusion/prompts/night.txt' }),
    'a wildcard list that is missing': await status({ prompt: 'a __nothing__ star' }),
    'by a schedule': await status(scheduled),
    'by a schedule, delivered twice': await status(scheduled),
    'a plan': await status({ prompt: 'a ring', mode: 'plan' }),
    'rendered before': await status({ prompt: 'a star', count: 30 }),
    // So few that each is asked for: no list is worth it.
    'rendered before, in part': await status({ prompt: 'a star', seed: 20, count: 20 }),
    'from a start picture': await fromAPicture(machine),
    'a timeout, settled': await settleTimeout(machine),
    'in parts': await status({ prompt: 'a square', count: 101 }),
    stopped: await stop(machine),
    'stopped, in parts': await stop(machine, 'parts', 101),
  };
}

async function fromAPicture(machine: Machine): Promise<string> {
  const [key] = await machine.bucket.list('images/');
  const input = { prompt: 'a star', startImage: `s3://spot-diffusion/${key}` };
  return (await machine.run(input)).status;
}

/** Step Functions names no job after its own timeout: Settle attempt looks for it and ends it. */
async function settleTimeout(machine: Machine): Promise<string> {
  const jobId = `settled-${process.pid}`;
  const count = async () => (await machine.bucket.list('images/')).length;
  const before = await count();
  const executionArn = await machine.start({ prompt: 'a slow star', count: 100 }, jobId);
  await until(async () => (await count()) > before || undefined);
  const [run] = await machine.entered(executionArn, 'Run GPU job');
  const { shard, attempt, tried, pick } = run as Record<string, unknown>;
  const end = { stage: 'run', error: 'States.Timeout', cause: 'The state timed out' };
  await invoke(machine.local.endpoint, 'settle-attempt', { jobId, shard, attempt, tried, pick, end });
  return (await machine.finish(executionArn)).status;
}

/**
 * Nobody in the machine learns of it: Clean up job ends the worker, closes the job and says so. Its first images are there
 * with their thumbnails, which the contact sheet shows.
 */
async function stop(machine: Machine, kind = 'one', count = 100): Promise<string> {
  const jobId = `stopped-${kind}-${process.pid}`;
  const prompts = [
    { prompt: 'a star', count: 20 },
    { prompt: 'a slow ring', count: count - 20 },
  ];
  const executionArn = await machine.start({ prompts }, jobId);
  const running = kind === 'parts' ? 'Run part' : 'Run GPU job';
  await until(async () => (await machine.entered(executionArn, running))[0]);
  await machine.executions.send(new StopExecutionCommand({ executionArn, cause: 'enough' }));
  const { status } = await machine.finish(executionArn);
  await until(async () => (await machine.bucket.exists(jobKey(jobId, 'receipt.json'))) || undefined);
  return status;
}
