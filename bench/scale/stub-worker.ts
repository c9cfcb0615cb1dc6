/**
 * A worker that renders nothing: it puts one small picture under the name of each image of its shard that is not there,
 * and writes its record, as `container/worker` does. Bare HTTP: a client of AWS takes longer to load than the work lasts.
 */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import type { Shard } from '../../functions/core/plan/cut-shards.ts';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import { attemptKey, imageKey } from '../../functions/core/storage/keys.ts';

const need = (name: string) => process.env[name] ?? '';
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const endpoint = new URL(need('AWS_ENDPOINT_URL'));
const scope = `${need('AWS_ACCESS_KEY_ID')}/20260101/us-east-1/s3/aws4_request`;
const signature = { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
/** One white pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4//8/AAX+Av4zEpUUAAAAAElFTkSuQmCC',
  'base64',
);
const pixelHash = createHash('sha256').update(Buffer.alloc(3, 0xff)).digest('hex');

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(method: string, key: string, { headers = {}, body = Buffer.alloc(0) } = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { hostname, port } = endpoint;
  const path = `/${need('BUCKET')}/${key}`;
  const options = { agent, hostname, port, method, path, headers: { ...signature, ...headers } };
  const outgoing = request(options, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    answer.on('error', reject);
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

async function put(key: string, text: string): Promise<void> {
  const body = Buffer.from(text);
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const { status } = await ask('PUT', key, { headers, body });
  if (status !== 200) throw new Error(`Expected to write \`${key}\`, got status ${status}`);
}

const startedAt = new Date().toISOString();
const shard: Shard = JSON.parse((await ask('GET', need('SHARD_KEY'))).body);
const origin = attemptKey(shard.jobId, shard.shard, Number(need('ATTEMPT')));
// An attempt that takes time: who else wants the slot meanwhile is what the fair share is about.
await sleep(Number(process.argv[2] ?? 0));

/** False: somebody was first. */
async function render(hash: string): Promise<boolean> {
  const facts = { 'content-type': 'image/png', 'content-length': picture.length, 'x-amz-meta-attempt': origin };
  const headers = { ...facts, 'if-none-match': '*' };
  const { status } = await ask('PUT', imageKey(hash), { headers, body: picture });
  if (status !== 200 && status !== 412) throw new Error(`Expected to put \`${imageKey(hash)}\`, got status ${status}`);
  return status === 200;
}

const mine = await pMap(shard.images, async ({ hash }) => ((await render(hash)) ? [{ hash }] : []), {
  concurrency: 16,
});
const images = mine.flat().map(({ hash }) => ({ hash, seconds: 0.001, pixelHash }));
const record: AttemptRecord = {
  version: 1,
  jobId: shard.jobId,
  shard: shard.shard,
  attempt: Number(need('ATTEMPT')),
  pool: need('POOL'),
  outcome: 'Succeeded',
  message: '',
  startedAt,
  endedAt: new Date().toISOString(),
  phases: { importSeconds: 0, loadSeconds: 0, renderSeconds: 0, uploadSeconds: 0 },
  device: 'stub',
  computeBatch: 1,
  images,
  skipped: shard.images.length - images.length,
  failed: [],
  versions: {},
};
await put(origin, JSON.stringify(record));
agent.destroy();
