import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { makeImageStore } from '../../../bench/scale/image-store.ts';
import { makeS3Bucket } from '../../../functions/adapters/s3-bucket.ts';
import type { Bucket } from '../../../functions/core/storage/bucket.ts';
import { makeFront } from '../../../local/address/front.ts';
import { BUCKET } from '../../../local/names.ts';
import { bucketConformance } from '../../fakes/bucket.conformance.ts';

const opened: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(opened.map((close) => close())));

/** The store behind an address of its own, asked by the real client. Nothing stands behind it. */
async function openStore(withThumbnails = false): Promise<Bucket> {
  const store = makeImageStore(withThumbnails);
  const front = makeFront({
    decide: (call) => {
      const reply = store.answer(call);
      return reply && { kind: 'refuse', reply };
    },
  });
  const { port, close } = await front.open(1);
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  opened.push(close);
  return makeS3Bucket(client, BUCKET);
}

/** The same with all keys in the folder of the images: each method takes a key first. */
function inImages(bucket: Bucket): Bucket {
  const to = (key: string) => `images/${key}`;
  const from = (keys: readonly string[]) => keys.map((key) => key.slice('images/'.length));
  const methods = Object.entries(bucket).filter(([, method]) => typeof method === 'function');
  const moved = methods.map(([name, method]) => [name, (key: string, ...rest: unknown[]) => method(to(key), ...rest)]);
  return {
    ...(Object.fromEntries(moved) as Bucket),
    name: bucket.name,
    list: async (prefix) => from(await bucket.list(to(prefix))),
    listAfter: async (prefix, after) => {
      const page = await bucket.listAfter(to(prefix), to(after));
      return { ...page, keys: from(page.keys) };
    },
  };
}

describe('the images in memory', () => {
  bucketConformance(async () => inImages(await openStore()));

  it('are listed page by page', async () => {
    const bucket = await openStore();
    const keys = Array.from({ length: 1200 }, (_, index) => `images/${String(index).padStart(5, '0')}.png`);
    for (let start = 0; start < keys.length; start += 100) {
      await Promise.all(keys.slice(start, start + 100).map((key) => bucket.write(key, 'x')));
    }
    expect(await bucket.list('images/')).toEqual(keys);
    expect(await bucket.listAfter('images/', 'images/00099.pn')).toEqual({ keys: keys.slice(99, 1099), isLast: false });
    expect(await bucket.listAfter('images/', 'images/00300.png')).toEqual({ keys: keys.slice(301), isLast: true });
  });

  it('come with their thumbnails where nobody is to make them', async () => {
    const bucket = await openStore(true);
    await bucket.write('images/ab.png', 'x');
    expect(await bucket.list('thumbnails/')).toEqual(['thumbnails/256/ab.webp', 'thumbnails/512/ab.webp']);
    expect(await (await openStore()).exists('thumbnails/256/ab.webp')).toBe(false);
  });

  it('are all that is answered: other keys and services are of others', async () => {
    const bucket = await openStore();
    await expect(bucket.read('jobs/job-1/receipt.json')).rejects.toThrow();
    await expect(bucket.list('jobs/')).rejects.toThrow();
  });
});
