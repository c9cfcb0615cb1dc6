import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DiskBucket, openDiskBucket } from '../../../local/bucket/disk-bucket.ts';
import { listImages } from '../../../local/bucket/image-list.ts';
import { aStateDir } from '../harness.ts';

let folder: string;
let disk: DiskBucket;
beforeAll(async () => {
  folder = await aStateDir();
  disk = await openDiskBucket(path.join(folder, 'bucket'));
  for (const key of ['images/c.png', 'images/a.png', 'images/b.png', 'jobs/x.json', 'thumbnails/256/a.webp']) {
    await disk.write(key, Buffer.from(key));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ask(search: string, method = 'GET', at = '/bucket') {
  const answer = await listImages('bucket', { method, path: `${at}?${search}`, headers: {} }, disk);
  if (!answer) return undefined;
  const body = String(answer.body);
  const keys = [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1]);
  return { keys, next: /<NextContinuationToken>([^<]*)</.exec(body)?.[1], body };
}

describe('a list of images', () => {
  it('is what lies on disk, in order', async () => {
    const list = await ask('list-type=2&prefix=images%2F');
    expect(list).toMatchObject({ keys: ['images/a.png', 'images/b.png', 'images/c.png'], next: undefined });
    expect(list?.body).toContain('<IsTruncated>false</IsTruncated>');
    expect(list?.body).toMatch(/<LastModified>\d{4}-\d\d-\d\dT[\d:.]+Z<\/LastModified><Size>12<\/Size>/);
  });

  it('goes on after a key, and page by page', async () => {
    expect((await ask('list-type=2&prefix=images%2F&start-after=images%2Fa.pn'))?.keys).toHaveLength(3);
    expect((await ask('list-type=2&prefix=images%2F&start-after=images%2Fa.png'))?.keys).toHaveLength(2);
    const first = await ask('list-type=2&prefix=images%2F&max-keys=2');
    expect(first).toMatchObject({ keys: ['images/a.png', 'images/b.png'], next: 'images/b.png' });
    const second = await ask(`list-type=2&prefix=images%2F&max-keys=2&continuation-token=${first?.next}`);
    expect(second).toMatchObject({ keys: ['images/c.png'], next: undefined });
  });

  it('leaves out what goes while it is made', async () => {
    await disk.write('images/d.png', Buffer.from('x'));
    await rm(path.join(folder, 'bucket', 'images', 'd.png'));
    expect((await ask('list-type=2&prefix=images%2Fd'))?.keys).toEqual([]);
    await disk.remove('images/d.png');
  });

  it.each([
    ['list-type=2&prefix=jobs%2F'],
    ['list-type=2'],
    ['prefix=images%2F'],
    ['list-type=2&prefix=images%2F&delimiter=%2F'],
    ['list-type=2&prefix=images%2F&encoding-type=url'],
    ['list-type=2&prefix=images%2F', 'PUT'],
    ['list-type=2&prefix=images%2F', 'GET', '/other'],
    ['list-type=2&prefix=images%2F', 'GET', '/bucket/images/a.png'],
  ])('is left to moto for %s', async (search, method = 'GET', at = '/bucket') => {
    expect(await ask(search, method, at)).toBeUndefined();
  });
});
