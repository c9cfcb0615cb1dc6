import { setTimeout as sleep } from 'node:timers/promises';
import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Restartable } from '../../local/address/front.ts';
import type { DrillEvent } from '../../local/batch/drill.ts';
import type { DeliverEnd } from '../../local/execution-events.ts';
import type { Local } from '../../local/start.ts';
import { startOwnStack } from '../own-stack.ts';

/** The local stack under a storm, and clients that the storm spares. */
export interface Stage {
  readonly local: Local;
  readonly stateDir: string;
  readonly executions: SFNClient;
  readonly batch: BatchClient;
  readonly table: DynamoDBDocumentClient;
  /** Invokes a function as EventBridge does: tried twice more where it fails, after one minute and after two. */
  deliver(functionName: string, event: unknown): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly front: Restartable;
  readonly drill: readonly DrillEvent[];
  readonly onDrill: (event: DrillEvent) => void;
  readonly deliverEnd?: DeliverEnd;
  readonly onLine: (line: string) => void;
  readonly workerCommand?: readonly string[];
  readonly workers: number;
}

/** 600 s are 3 s: waits, idle instances and Batch's patience pass quickly, and leave Explain waiting time to be faster. */
export const timeScale = 0.005;

export async function openStage(options: StageOptions): Promise<Stage> {
  const { front, drill, onDrill, deliverEnd, onLine, workerCommand, workers } = options;
  const { local, stateDir, close } = await startOwnStack(
    { drill, workers, workerCommand, timeScale, onLine },
    { front: front.open, onDrill, deliverEnd },
  );
  const credentials = { accessKeyId: 'storm', secretAccessKey: 'storm' };
  // The endpoint goes away for a while at times; what looks on has patience.
  const client = { endpoint: local.endpoint, region: 'us-east-1', credentials, maxAttempts: 10 };
  return {
    local,
    stateDir,
    executions: new SFNClient(client),
    batch: new BatchClient(client),
    table: DynamoDBDocumentClient.from(new DynamoDBClient(client)),
    deliver: (functionName, event) => deliver(local.endpoint, functionName, event),
    close,
  };
}

async function deliver(endpoint: string, functionName: string, event: unknown): Promise<void> {
  const scope = 'Credential=storm/20260101/us-east-1/lambda/aws4_request';
  const request = {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: JSON.stringify(event),
  };
  for (const minutes of [0, 1, 2]) {
    await sleep(minutes * 60_000 * timeScale);
    const url = `${endpoint}/2015-03-31/functions/${functionName}/invocations`;
    const answer = await fetch(url, request).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok && !answer.headers.has('x-amz-function-error')) return;
  }
}
