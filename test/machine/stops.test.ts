import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchClient, ListJobsCommand } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeDynamoDbLedger } from '../../functions/adapters/dynamodb-ledger.ts';
import { jobKey, requeueKey } from '../../functions/core/storage/keys.ts';
import { TABLE } from '../../local/names.ts';
import type { DrillEvent } from '../../local/start.ts';
import { root } from '../cli/command.ts';
import { invoke } from '../privilege/invoke.ts';
import { type Calls, countCalls, until } from './calls.ts';
import { type Machine, openMachine } from './harness.ts';

interface State {
  Catch?: unknown;
  Output?: string;
  Choices?: { Condition: string }[];
  [field: string]: unknown;
}
interface Definition {
  TimeoutSeconds: number;
  States: Record<string, State>;
}

describe('an end that the machine cannot catch', { timeout: 300_000 }, () => {
  let folder = '';
  let machine: Machine;
  let calls: Calls;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-stops-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await machine.close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const open = async (definitionFile?: string, ...drill: DrillEvent[]) => {
    calls = countCalls();
    machine = await openMachine(drill, { guard: calls.guard, ...(definitionFile ? { definitionFile } : {}) });
    return machine;
  };

  /** The product's machine with a fault in it. */
  async function openFaulty(change: (definition: Definition) => void): Promise<Machine> {
    const text = await readFile(join(root, 'statemachine', 'spot-diffusion.asl.json'), 'utf8');
    const definition: Definition = JSON.parse(text);
    change(definition);
    const file = join(folder, 'faulty.asl.json');
    await writeFile(file, JSON.stringify(definition));
    return open(file);
  }

  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = () => ({ endpoint: machine.local.endpoint, region: 'us-east-1', credentials });
  const reservations = (jobId: string) =>
    makeDynamoDbLedger(DynamoDBDocumentClient.from(new DynamoDBClient(client())), TABLE).open(jobId);
  const isClosed = (jobId: string) =>
    until(async () => (await machine.bucket.exists(jobKey(jobId, 'receipt.json'))) || undefined);
  const left = async (jobId: string) =>
    ((await machine.bucket.read(requeueKey(jobId))) ?? '').split('\n').filter(Boolean).length;
  const imagesThere = async () => (await machine.bucket.list('images/')).length;

  async function endedJobs(queues: readonly string[]) {
    const batch = new BatchClient(client());
    const filters = [{ name: 'JOB_NAME', values: ['*'] }];
    const lists = queues.map((jobQueue) => batch.send(new ListJobsCommand({ jobQueue, filters })));
    return (await Promise.all(lists)).flatMap(({ jobSummaryList = [] }) => jobSummaryList.map(({ status }) => status));
  }

  it('StopExecution ends the Batch job, frees its reservation, keeps what is finished and lists the rest', async () => {
    const { start, finish, executions, receipt } = await open();
    const executionArn = await start({ prompt: 'a star', count: 300 }, 'stopped');
    await until(async () => (await imagesThere()) > 1 || undefined);
    expect(await reservations('stopped')).toHaveLength(1);
    await executions.send(new StopExecutionCommand({ executionArn, cause: 'enough' }));
    const { status, queues } = await finish(executionArn);
    expect(status).toBe('ABORTED');
    await isClosed('stopped');
    const { delivered, failed, failure } = await receipt('stopped');
    expect(failure).toEqual({ error: 'JobCanceled', cause: 'enough' });
    expect(delivered).toBeGreaterThan(1);
    expect(await left('stopped')).toBe(failed);
    expect(delivered + failed).toBe(300);
    expect(await reservations('stopped')).toEqual([]);
    await until(async () => !(await endedJobs(queues)).includes('RUNNING') || undefined);
    expect(await endedJobs(queues)).toEqual(['FAILED']);
    await until(() => calls.messages || undefined);
    const there = await imagesThere();
    await sleep(500);
    expect(await imagesThere()).toBe(there);
  });

  it('StopExecution during a wait for capacity leaves nothing in a queue, and all of it to do', async () => {
    const { start, finish, executions, receipt } = await open(undefined, { kind: 'capacity', pool: '*', times: 99 });
    const executionArn = await start({ prompt: 'a star', count: 4, maxUsdPerHour: 0.21 }, 'waiting');
    await until(async () => (await machine.entered(executionArn, 'Wait for capacity'))[0]);
    await executions.send(new StopExecutionCommand({ executionArn }));
    expect((await finish(executionArn)).status).toBe('ABORTED');
    await isClosed('waiting');
    expect(await receipt('waiting')).toMatchObject({ delivered: 0, failed: 4, failure: { error: 'JobCanceled' } });
    expect(await left('waiting')).toBe(4);
    expect(await reservations('waiting')).toEqual([]);
  });

  it('the time of the execution itself runs out: the worker is ended, the job is closed, somebody is told', async () => {
    const { run, start, finish, receipt } = await openFaulty((definition) => {
      definition.TimeoutSeconds = 30;
    });
    // Functions that are warm let the worker begin in time (moto goes on with a state that it has entered), and it is slow.
    await run({ prompt: 'a ring' });
    const before = calls.messages;
    vi.stubEnv('FAKE_MILLISECONDS', '1000');
    const executionArn = await start({ prompt: 'a star', count: 100 }, 'late');
    const { status, queues } = await finish(executionArn);
    expect(status).toBe('TIMED_OUT');
    await isClosed('late');
    const { failed, failure } = await receipt('late');
    expect(failure).toMatchObject({ cause: 'The execution ended TIMED_OUT.' });
    expect(await left('late')).toBe(failed);
    expect(await reservations('late')).toEqual([]);
    await until(async () => !(await endedJobs(queues)).includes('RUNNING') || undefined);
    await until(() => calls.messages > before || undefined);
  });

  it.each<[string, string, (definition: Definition) => void]>([
    [
      'States.Runtime: an expression of a Choice fails',
      'States.Runtime',
      ({ States }) => {
        const [choice] = States['Plan only?']?.Choices ?? [];
        if (choice) choice.Condition = "{% $number('none') = 1 %}";
      },
    ],
    [
      'States.DataLimitExceeded: an output is too large, which `States.ALL` does not catch on AWS',
      'States.DataLimitExceeded',
      ({ States }) => {
        const plan = States['Plan job'];
        if (plan) plan.Output = "{% {'large': $join([1..30000].('0123456789'))} %}";
        delete plan?.Catch;
      },
    ],
  ])('%s', async (_, error, change) => {
    const { run, receipt, local } = await openFaulty(change);
    const { status, jobId, states, description } = await run({ prompt: 'a star', count: 3 });
    expect(status).toBe('FAILED');
    expect(states).not.toContain('Close job');
    await isClosed(jobId);
    const closed = await receipt(jobId);
    expect(closed).toMatchObject({ status: 'failed', delivered: 0, failed: 3, failure: { error } });
    expect(await left(jobId)).toBe(3);
    await until(() => calls.messages || undefined);
    expect(calls.said[0]).toContain(`${error}: `);
    const detail = { name: jobId, status, startDate: Date.now(), error: description.error, cause: description.cause };
    expect(await invoke(local.endpoint, 'clean-up-job', { detail })).toMatchObject({
      terminated: 0,
      closed: { closedNow: false },
    });
    expect(await receipt(jobId)).toEqual(closed);
    expect(calls.messages).toBe(1);
  });
});
