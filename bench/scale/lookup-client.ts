/** Asks the store at a port of this machine, and says what a HEAD and a list of 1,000 keys take of this process alone. */
import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { makeS3Bucket } from '../../functions/adapters/s3-bucket.ts';
import { median } from '../../functions/core/median.ts';
import { imageKey } from '../../functions/core/storage/keys.ts';
import { BUCKET } from '../../local/names.ts';

const credentials = { accessKeyId: 'scale', secretAccessKey: 'scale' };
const endpoint = `http://127.0.0.1:${process.argv[2]}`;
const client = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
const bucket = makeS3Bucket(client, BUCKET);
const keyOf = (index: number) => imageKey(createHash('sha256').update(`of others ${index}`).digest('hex'));

async function cpuMs(count: number, concurrency: number, ask: (key: string) => Promise<unknown>): Promise<number> {
  const keys = Array.from({ length: count }, (_, index) => keyOf(index));
  const before = process.cpuUsage();
  await pMap(keys, ask, { concurrency });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

const rounds: { head: number; list: number }[] = [];
for (let round = 0; round < 3; round++) {
  const head = await cpuMs(2000, 64, (key) => bucket.exists(key));
  const list = await cpuMs(100, 8, (key) => bucket.listAfter('images/', key));
  rounds.push({ head, list });
}
const headMs = median(rounds.map(({ head }) => head));
const listMs = median(rounds.map(({ list }) => list));
process.stdout.write(`${JSON.stringify({ headMs, listMs })}\n`);
