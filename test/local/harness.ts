import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type Local, type LocalOptions, startLocal } from '../../local/start.ts';

export const fixtures = path.join(import.meta.dirname, 'fixtures');
export const workerCommand = [process.execPath, path.join(fixtures, 'worker.mjs')];

/** A client as a stranger would build it: an endpoint and credentials that mean nothing. */
export function aClient(endpoint: string) {
  const credentials = { accessKeyId: 'anything', secretAccessKey: 'goes' };
  return { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
}

export function aStateDir(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'spot-diffusion-'));
}

/** The local stack with the fixtures' machine, functions and worker; `end` removes its traces. */
export async function aStack(
  options: Partial<LocalOptions> = {},
): Promise<Local & { end(): Promise<void>; stateDir: string }> {
  const stateDir = options.stateDir ?? (await aStateDir());
  const sources = {
    functionsDir: path.join(fixtures, 'functions'),
    definitionFile: path.join(fixtures, 'machine.asl.json'),
    lambdaSeconds: 2,
  };
  const local = await startLocal({ port: 0, workerCommand, ...options, stateDir }, sources);
  const end = async () => {
    await local.stop();
    await rm(stateDir, { recursive: true, force: true });
  };
  return { ...local, end, stateDir };
}

export async function runExecution(local: Local, input: object, seconds = 20): Promise<DescribeExecutionOutput> {
  const sfn = new SFNClient(aClient(local.endpoint));
  const start = {
    stateMachineArn: local.stateMachineArn,
    name: `e-${crypto.randomUUID()}`,
    input: JSON.stringify(input),
  };
  const { executionArn } = await sfn.send(new StartExecutionCommand(start));
  return until(async () => {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  }, seconds);
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined> | T | undefined, seconds = 20): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`Expected an answer within ${seconds} s.`);
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
