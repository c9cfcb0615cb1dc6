import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { makeS3Bucket } from '../../functions/adapters/s3-bucket.ts';
import type { ManifestLine } from '../../functions/core/receipt/manifest.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { attemptKey, jobKey } from '../../functions/core/storage/keys.ts';
import type { Guard } from '../../local/address/guard.ts';
import { type DrillEvent, type Local, startLocal } from '../../local/start.ts';

export interface Execution {
  readonly jobId: string;
  readonly status: string;
  readonly description: DescribeExecutionCommandOutput;
  readonly events: readonly HistoryEvent[];
  /** Names of the states in the order in which they were entered. */
  readonly states: readonly string[];
  /** Queues of the Batch jobs, in order. */
  readonly queues: readonly string[];
}

export interface Machine {
  readonly local: Local;
  readonly executions: SFNClient;
  readonly bucket: Bucket;
  /** @param name absent: a new one, which a test that is tried again needs */
  start(input: unknown, name?: string): Promise<string>;
  run(input: unknown): Promise<Execution>;
  finish(executionArn: string): Promise<Execution>;
  /** What a state was given, each time that it was entered so far. */
  entered(executionArn: string, state: string): Promise<readonly unknown[]>;
  receipt(jobId: string): Promise<Receipt>;
  manifest(jobId: string): Promise<readonly ManifestLine[]>;
  record(jobId: string, shard: number, attempt: number): Promise<AttemptRecord>;
  close(): Promise<void>;
}

export interface MachineOptions {
  readonly worker?: 'fake' | 'real';
  readonly guard?: Guard;
  readonly environment?: Readonly<Record<string, string>>;
  /** In place of the product's machine. */
  readonly definitionFile?: string;
}

const fakeWorker = [process.execPath, join(import.meta.dirname, 'fake-worker.ts')];
let count = 0;

/** The real ASL, the real bundles, the local endpoints; only the worker draws squares, unless it is the real one, too. */
export async function openMachine(
  drill: readonly DrillEvent[] = [],
  { worker = 'fake', ...sources }: MachineOptions = {},
): Promise<Machine> {
  const stateDir = await mkdtemp(join(tmpdir(), 'spot-diffusion-'));
  const workerCommand = worker === 'fake' ? fakeWorker : undefined;
  const options = { port: 0, stateDir, drill, workers: 2, workerCommand, timeScale: 0.001 };
  const local = await startLocal(options, sources);
  const client = {
    endpoint: local.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const executions = new SFNClient(client);
  const bucket = makeS3Bucket(new S3Client({ ...client, forcePathStyle: true }), local.bucket);

  async function start(input: unknown, name = `test-${process.pid}-${++count}`): Promise<string> {
    const { stateMachineArn } = local;
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return (await executions.send(command)).executionArn ?? '';
  }

  async function finish(executionArn: string): Promise<Execution> {
    const started = performance.now();
    for (;;) {
      const description = await executions.send(new DescribeExecutionCommand({ executionArn }));
      if (description.status !== 'RUNNING') return read(description);
      if (performance.now() - started > 200_000) throw new Error(`Expected ${executionArn} to end within 200 s`);
      await sleep(100);
    }
  }

  async function readEvents(executionArn: string | undefined): Promise<readonly HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    for await (const page of paginateGetExecutionHistory({ client: executions }, { executionArn })) {
      events.push(...(page.events ?? []));
    }
    return events;
  }

  async function read(description: DescribeExecutionCommandOutput): Promise<Execution> {
    const events = await readEvents(description.executionArn);
    const submitted = events.flatMap((event) => event.taskScheduledEventDetails ?? []);
    return {
      jobId: description.name ?? '',
      status: description.status ?? '',
      description,
      events,
      states: events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []),
      queues: submitted
        .filter((task) => task.resourceType === 'batch')
        .map((task) => String(JSON.parse(task.parameters ?? '{}').JobQueue)),
    };
  }

  const json = async (jobId: string, name: string) => (await bucket.read(jobKey(jobId, name))) ?? '';
  return {
    local,
    executions,
    bucket,
    start,
    finish,
    entered: async (executionArn, state) =>
      (await readEvents(executionArn))
        .flatMap((event) => event.stateEnteredEventDetails ?? [])
        .flatMap(({ name, input }) => (name === state && input ? [JSON.parse(input)] : [])),
    run: async (input) => finish(await start(input)),
    receipt: async (jobId) => JSON.parse(await json(jobId, 'receipt.json')),
    manifest: async (jobId) =>
      (await json(jobId, 'manifest.jsonl'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    record: async (jobId, shard, attempt) => JSON.parse((await bucket.read(attemptKey(jobId, shard, attempt))) ?? ''),
    close: async () => {
      await local.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
