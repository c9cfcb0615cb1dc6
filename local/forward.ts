import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Routes } from './address/router.ts';
import type { Call, Upstream } from './address/upstream.ts';
import { readBody, send, type WireReply } from './address/wire.ts';
import type { Persistence } from './bucket/persistence.ts';
import { changesObjects, commitS3, planS3, prepareS3, type S3Plan } from './bucket/s3-gate.ts';
import { makeTurns } from './bucket/turns.ts';
import type { ExecutionEvents } from './execution-events.ts';

const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

export interface ForwardDeps {
  readonly moto: Upstream;
  readonly bucket: string;
  readonly persistence: Persistence;
  readonly events: ExecutionEvents;
  /** The answer to a list that needs nothing of moto; undefined: moto's. */
  readonly listImages: (call: Call) => Promise<WireReply | undefined>;
  /** An object was put, by the owner of this access key. */
  readonly onStored: (key: string, accessKeyId: string) => void;
}

/** What moto serves, and what moto lacks: a bucket that lasts, names for executions, their bad end as an event. */
export function makeForward(deps: ForwardDeps): Routes['forward'] {
  const { moto, bucket, persistence, events, onStored } = deps;
  // moto gives a table back as it was before a transaction that is refused, with whatever was written beside it.
  const inTurn = makeTurns();
  const change = async (call: Call, plan: S3Plan, request: IncomingMessage) => {
    const bytes = await readPlainPut(call, request);
    if (bytes && plan.saves) return persistence.put(plan.saves, bytes, () => moto.collect({ ...call, body: bytes }));
    const reply = await moto.collect(call);
    if (reply.status < 300) await commitS3(plan, persistence);
    return reply;
  };
  const forwardS3 = async (request: IncomingMessage, response: ServerResponse, accessKeyId: string) => {
    const call = await withBulkDelete(toCall(request), request);
    const list = await deps.listImages(call);
    if (list) return send(response, list);
    const plan = planS3(bucket, call, Buffer.isBuffer(call.body) ? call.body : undefined);
    if (!plan) return moto.pass(call, response);
    await prepareS3(plan, persistence);
    if (!changesObjects(plan)) return moto.pass(call, response);
    const reply = await change(call, plan, request);
    if (reply.status < 300 && plan.saves !== undefined) onStored(plan.saves, accessKeyId);
    send(response, reply);
  };
  return async (request, response, { service, accessKeyId }, body) => {
    if (service === 's3') return forwardS3(request, response, accessKeyId);
    const call = toCall(request, body);
    if (service === 'dynamodb') {
      const whole = { ...call, body: body ?? (await readBody(request)) };
      return inTurn(service, () => moto.pass(whole, response));
    }
    if (service !== 'states') return moto.pass(call, response);
    const whole = { ...call, body: withExecutionName(call, body ?? (await readBody(request))) };
    if (!events.isWatched(call)) return moto.pass(whole, response);
    const reply = await moto.collect(whole);
    events.observe(whole, reply);
    send(response, reply);
  };
}

function toCall(request: IncomingMessage, body?: Buffer): Call {
  const { method = 'GET', url = '/', headers } = request;
  return { method, path: url, headers, body: body ?? request };
}

/** The body of a put of usual size that comes as it is: neither in signed chunks nor as a copy of another object. */
async function readPlainPut({ method, headers }: Call, request: IncomingMessage): Promise<Buffer | undefined> {
  const length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
  const isPlain = !headers['content-encoding'] && !headers['x-amz-copy-source'];
  return method === 'PUT' && isPlain && length <= MAX_BUFFERED_BYTES ? readBody(request) : undefined;
}

/** DeleteObjects names its keys in the body: the one S3 body that has to be read. */
async function withBulkDelete(call: Call, request: IncomingMessage): Promise<Call> {
  const isBulkDelete = call.method === 'POST' && /\?(.*&)?delete(=|&|$)/.test(call.path);
  return isBulkDelete ? { ...call, body: await readBody(request) } : call;
}

/** moto calls an execution that was started without a name `None`, each of them; AWS gives it a UUID. */
function withExecutionName({ headers }: Call, body: Buffer): Buffer {
  if (headers['x-amz-target'] !== 'AWSStepFunctions.StartExecution') return body;
  return Buffer.from(JSON.stringify({ name: randomUUID(), ...JSON.parse(body.toString()) }));
}
