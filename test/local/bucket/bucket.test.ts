import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Local } from '../../../local/start.ts';
import { aClient, aStack, aStateDir } from '../harness.ts';

const Bucket = 'spot-diffusion';
let stateDir: string;
let local: Local & { end(): Promise<void> };
let s3: S3Client;

const open = async () => {
  local = await aStack({ stateDir });
  s3 = new S3Client(aClient(local.endpoint));
};
beforeAll(async () => {
  stateDir = await aStateDir();
  await open();
});
afterAll(() => local.end());

const put = (Key: string, Body: string, rest = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...rest }));
const get = async (Key: string) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const list = async (Prefix: string) => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Contents.map(({ Key }) => Key);
};
const onDisk = (key: string) => readFile(path.join(stateDir, 'bucket', key), 'utf8');

describe('the bucket', () => {
  it('gives back what was put, under keys of any kind', async () => {
    for (const key of ['images/0a.png', 'a/../b', 'über uns/50 %+1.txt', 'deep/er/x']) {
      await put(key, `body of ${key}`);
      expect(await get(key)).toBe(`body of ${key}`);
    }
    expect(await list('deep/')).toEqual(['deep/er/x']);
  });

  it('is on disk before the put is acknowledged', async () => {
    await put('images/1b.png', 'pixels');
    expect(await onDisk('images/1b.png')).toBe('pixels');
    await put('images/1b.png', 'other pixels');
    expect(await onDisk('images/1b.png')).toBe('other pixels');
  });

  it('lists images as they are after each change', async () => {
    for (const name of ['b', 'a']) await put(`images/list-${name}.png`, 'pixels');
    expect(await list('images/list-')).toEqual(['images/list-a.png', 'images/list-b.png']);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'images/list-a.png' }));
    expect(await list('images/list-')).toEqual(['images/list-b.png']);
  });

  it('is written once with a conditional put', async () => {
    await put('images/2c.png', 'first', { IfNoneMatch: '*' });
    const second = put('images/2c.png', 'second', { IfNoneMatch: '*' });
    await expect(second).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    expect(await onDisk('images/2c.png')).toBe('first');
  });

  it('follows deletes, copies and multipart uploads to disk', async () => {
    for (const key of ['del/1', 'del/2', 'del/<&>']) await put(key, key);
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/del/1` }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'del/1' }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'del/2' }, { Key: 'del/<&>' }] } }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const part = { Bucket, Key: 'parts', UploadId, PartNumber: 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: 'in parts' }));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, MultipartUpload }));
    expect([await onDisk('copy'), await onDisk('parts')]).toEqual(['del/1', 'in parts']);
    await expect(onDisk('del/1')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(onDisk('del/2')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('keeps the bytes of an object that is tagged or given an ACL', async () => {
    await put('tagged.txt', 'bytes');
    const tags = { TagSet: [{ Key: 'job', Value: 'night' }] };
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged.txt', Tagging: tags }));
    await s3.send(new PutObjectAclCommand({ Bucket, Key: 'tagged.txt', ACL: 'private' }));
    expect([await get('tagged.txt'), await onDisk('tagged.txt')]).toEqual(['bytes', 'bytes']);
  });

  it('outlives a restart: reads, lists, conditions and deletes', { timeout: 30_000 }, async () => {
    await put('restart/a.json', '{"a":1}');
    await put('restart/b.png', 'b');
    await local.stop();
    await open();
    await expect(put('images/2c.png', 'third', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await list('restart/')).toEqual(['restart/a.json', 'restart/b.png']);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'restart/a.json' }));
    expect(head).toMatchObject({ ContentType: 'application/json', ContentLength: 7 });
    expect(await get('a/../b')).toBe('body of a/../b');
    expect(await get('über uns/50 %+1.txt')).toBe('body of über uns/50 %+1.txt');
    expect(await list('del/')).toEqual([]);
  });

  it('serves a presigned address to a browser, and refuses one without, as S3 does', async () => {
    await put('jobs/j/report.html', '<p>hello</p>', { ContentType: 'text/html' });
    const address = `${local.endpoint}/${Bucket}/jobs/j/report.html`;
    const scope = 'X-Amz-Credential=me%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-SignedHeaders=host';
    const page = await fetch(`${address}?X-Amz-Algorithm=AWS4-HMAC-SHA256&${scope}&X-Amz-Expires=60&X-Amz-Signature=0`);
    expect([page.status, await page.text()]).toEqual([200, '<p>hello</p>']);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect((await fetch(address)).status).toBe(403);
  });
});
