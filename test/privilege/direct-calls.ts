import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeDynamoDbDoors } from '../../functions/adapters/dynamodb-doors.ts';
import { type Pool, queueName } from '../../functions/core/market/pools.ts';
import { hashToken } from '../../functions/core/tell/gallery.ts';
import { REGION, TABLE } from '../../local/names.ts';
import type { Machine } from '../machine/harness.ts';
import { invoke } from './invoke.ts';
import { toArn } from './need.ts';
import { WAITING_JOB } from './stand-in.ts';

interface DirectCall {
  readonly function: string;
  readonly event: unknown;
  /** A part of the answer: the function did what it is there for. */
  readonly expected: Readonly<Record<string, unknown>>;
}

/** 32 bytes in base64url. */
const TOKEN = 't'.repeat(43);
const JOB = 'shown';
const POOL: Pool = { azId: 'use1-az1', instanceType: 'g6.xlarge', market: 'spot' };
/** Its report is gone: S3 must say so, not that it may not be seen. */
const EMPTY_TOKEN = 'e'.repeat(43);
const EMPTY_JOB = 'forgotten';
const HASH = 'a'.repeat(64);

const get = (path: string, token = TOKEN) => ({
  rawPath: `/${token}/${path}`,
  requestContext: { http: { method: 'GET' } },
});

/** AWS Batch says why the job at the head of a queue waits. */
const blocked = (jobName: string, statusReason: string) => ({
  'detail-type': 'Batch Job Queue Blocked',
  time: '2026-11-23T01:00:00Z',
  detail: {
    jobId: WAITING_JOB,
    jobName,
    jobQueue: toArn('batch', `job-queue/${queueName(POOL)}`),
    status: 'RUNNABLE',
    statusReason,
    container: { environment: [{ name: 'JOB_ID', value: JOB }] },
  },
});

/** The functions that are no states, with the events that make them make all their calls. */
export const directCalls: readonly DirectCall[] = [
  {
    function: 'explain-waiting',
    event: blocked('misplaced', 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - too large'),
    expected: { action: 'looks-again', verdict: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT' },
  },
  {
    function: 'explain-waiting',
    event: blocked('refused', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - none'),
    expected: { action: 'closed-pool', canceled: 1 },
  },
  { function: 'find-idle-instances', event: {}, expected: { instances: 1, idle: ['i-0abc'] } },
  { function: 'adopt-golden-ami', event: {}, expected: { newest: 'ami-newer', deleted: [] } },
  { function: 'adopt-golden-ami', event: {}, expected: { updated: [], deleted: ['ami-older'] } },
  {
    function: 'gallery-door',
    event: get(`jobs/${JOB}/report.html`),
    expected: { statusCode: 200, body: '<p>shown</p>' },
  },
  { function: 'gallery-door', event: get(`jobs/${JOB}/receipt.json`), expected: { statusCode: 302 } },
  { function: 'gallery-door', event: get(`jobs/${EMPTY_JOB}/report.html`, EMPTY_TOKEN), expected: { statusCode: 404 } },
  { function: 'gallery-door', event: get(`images/${HASH}.png`), expected: { statusCode: 302 } },
  { function: 'gallery-door', event: get(`thumbnails/256/${HASH}.webp`), expected: { statusCode: 302 } },
];

/** What a person has who was sent the link of a job. */
export async function openDoor({ local, bucket }: Machine): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: local.endpoint, region: REGION, credentials }),
  );
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const doors = makeDynamoDbDoors(table, TABLE);
  await doors.add(hashToken(TOKEN), { jobId: JOB, expires });
  await doors.add(hashToken(EMPTY_TOKEN), { jobId: EMPTY_JOB, expires });
  await bucket.write(`jobs/${JOB}/report.html`, '<p>shown</p>');
  await bucket.write(`jobs/${JOB}/receipt.json`, '{}');
  await bucket.write(`images/${HASH}.png`, 'png');
  await bucket.write(`thumbnails/256/${HASH}.webp`, 'webp');
}

/** The answer of each call. A redirect is followed: what it leads to is read with the function's rights. */
export async function makeDirectCalls(machine: Machine): Promise<readonly Record<string, unknown>[]> {
  await openDoor(machine);
  const answers: Record<string, unknown>[] = [];
  for (const call of directCalls) {
    // A failure is an answer that its own test does not expect: what else is denied must be told, too.
    const answer = await invoke(machine.local.endpoint, call.function, call.event).catch(String);
    if (typeof answer === 'string') {
      answers.push({ failed: answer });
      continue;
    }
    const location = (answer.headers as { readonly location?: string } | undefined)?.location;
    const status = location ? (await fetch(location)).status : undefined;
    answers.push({ ...answer, ...(location ? { followed: status } : {}) });
  }
  return answers;
}
