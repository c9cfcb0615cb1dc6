/**
 * A worker that keeps the contract and draws plain squares: the machine is tested without loading torch.
 * Reads the shard, renders what is missing in order, obeys the notice of the metadata service, writes its record.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { makeS3Bucket } from '../../functions/adapters/s3-bucket.ts';
import { errorTable } from '../../functions/core/errors.ts';
import { parseShard } from '../../functions/core/plan/shard-schema.ts';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import { attemptKey, imageKey } from '../../functions/core/storage/keys.ts';

const need = (name: string) => process.env[name] ?? '';
const s3 = new S3Client({ forcePathStyle: true, maxAttempts: 8 });
const bucket = makeS3Bucket(s3, need('BUCKET'));
const shard = parseShard((await bucket.read(need('SHARD_KEY'))) ?? '');
const attempt = Number(need('ATTEMPT'));
const startedAt = new Date().toISOString();
const images: AttemptRecord['images'][number][] = [];
let skipped = 0;

/** An image whose prompt says so: who stops the job meets a worker that still renders, however busy the machine is. */
const slowMilliseconds = 500;

/** IMDSv2: a token first. */
async function isNoticed(): Promise<boolean> {
  const base = `${need('IMDS_ENDPOINT')}/latest`;
  const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = await (await fetch(`${base}/api/token`, { method: 'PUT', headers })).text();
  const answer = await fetch(`${base}/meta-data/spot/instance-action`, {
    headers: { 'x-aws-ec2-metadata-token': token },
  });
  await answer.body?.cancel();
  return answer.status === 200;
}

/** As `container/worker/bucket.py`: the object names its attempt, and a repeated write finds its own. */
async function putOnce(key: string, body: Uint8Array): Promise<boolean> {
  const at = { Bucket: need('BUCKET'), Key: key };
  const origin = attemptKey(shard.jobId, shard.shard, attempt);
  const put = new PutObjectCommand({
    ...at,
    Body: body,
    ContentType: 'image/png',
    IfNoneMatch: '*',
    Metadata: { attempt: origin },
  });
  try {
    await s3.send(put);
    return true;
  } catch (error) {
    if (Object(error).$metadata?.httpStatusCode !== 412) throw error;
    return (await s3.send(new HeadObjectCommand(at))).Metadata?.attempt === origin;
  }
}

async function end(outcome: AttemptRecord['outcome']): Promise<never> {
  const phases = { importSeconds: 0, loadSeconds: 0, renderSeconds: 0, uploadSeconds: 0 };
  const record: AttemptRecord = {
    version: 1,
    jobId: shard.jobId,
    shard: shard.shard,
    attempt,
    pool: need('POOL'),
    outcome,
    message: outcome === 'Succeeded' ? '' : `fake ${outcome}`,
    startedAt,
    endedAt: new Date().toISOString(),
    phases,
    device: 'fake',
    computeBatch: 1,
    images,
    skipped,
    failed: [],
    versions: {},
  };
  await bucket.write(attemptKey(shard.jobId, shard.shard, attempt), JSON.stringify(record));
  process.exit(outcome === 'Succeeded' ? 0 : (errorTable.find((entry) => entry.name === outcome)?.exitCode ?? 1));
}

process.on('SIGTERM', () => void end('JobCanceled'));

for (const { hash, recipe } of shard.images) {
  if (await isNoticed()) await end('SpotInterrupted');
  if (await bucket.exists(imageKey(hash))) {
    skipped += 1;
    continue;
  }
  await sleep(recipe.prompt.includes('slow') ? slowMilliseconds : Number(process.env.FAKE_MILLISECONDS ?? 30));
  const background = `#${hash.slice(0, 6)}`;
  const { width, height } = recipe;
  const png = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
  console.log(JSON.stringify({ message: 'Rendered 1, handed over 1' }));
  const isMine = await putOnce(imageKey(hash), png);
  const pixelHash = createHash('sha256').update(background).digest('hex');
  if (isMine) images.push({ hash, seconds: 0.03, pixelHash });
  else skipped += 1;
}
// The notice may come while the last image is on its way: the work is done all the same.
await end('Succeeded');
