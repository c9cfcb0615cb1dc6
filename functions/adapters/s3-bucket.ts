import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import pRetry from 'p-retry';
import type { Bucket } from '../core/storage/bucket.ts';
import { isShardKey, shardTag } from '../core/storage/keys.ts';

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  png: 'image/png',
  webp: 'image/webp',
};

/** Written by the worker (`container/worker/bucket.py`), percent-encoded: S3 takes ASCII alone. */
const attemptMetadata = 'attempt';

const contentType = (key: string) => contentTypes[key.split('.').at(-1) ?? ''] ?? 'application/octet-stream';

const statusOf = (error: unknown) => (error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined);

/** 409 ConditionalRequestConflict: another write of the key is under way and may yet fail; S3 asks for this one again. */
const patience = { retries: 4, minTimeout: 200, factor: 1 };

async function* decode(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

export function makeS3Bucket(client: S3Client, name: string): Bucket {
  const get = async (key: string, most?: number) => {
    const Range = most === undefined ? undefined : `bytes=0-${most - 1}`;
    try {
      return (await client.send(new GetObjectCommand({ Bucket: name, Key: key, Range }))).Body;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
  const put = (key: string, body: string | Uint8Array, ifNoneMatch?: string) =>
    client.send(
      new PutObjectCommand({
        Bucket: name,
        Key: key,
        Body: body,
        ContentType: contentType(key),
        IfNoneMatch: ifNoneMatch,
        Tagging: isShardKey(key) ? `${shardTag.key}=${shardTag.value}` : undefined,
      }),
    );
  return {
    name,
    read: async (key) => (await get(key))?.transformToString(),
    readChunks: async (key) => {
      const body = (await get(key))?.transformToWebStream();
      return body && decode(body);
    },
    readBytes: async (key, most) => {
      try {
        return await (await get(key, most))?.transformToByteArray();
      } catch (error) {
        // There is no range in an object without bytes.
        if (statusOf(error) === 416) return new Uint8Array();
        throw error;
      }
    },
    exists: async (key) => {
      try {
        await client.send(new HeadObjectCommand({ Bucket: name, Key: key }));
        return true;
      } catch (error) {
        if (error instanceof NotFound) return false;
        throw error;
      }
    },
    write: async (key, body) => {
      await put(key, body);
    },
    writeOnce: async (key, body) => {
      try {
        await pRetry(() => put(key, body, '*'), { ...patience, shouldRetry: ({ error }) => statusOf(error) === 409 });
        return true;
      } catch (error) {
        // It exists.
        if (statusOf(error) === 412) return false;
        throw error;
      }
    },
    attemptOf: async (key) => {
      const { Metadata = {} } = await client.send(new HeadObjectCommand({ Bucket: name, Key: key }));
      return Metadata[attemptMetadata] && decodeURIComponent(Metadata[attemptMetadata]);
    },
    list: async (prefix) => {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: name, Prefix: prefix })) {
        keys.push(...(page.Contents ?? []).flatMap((object) => object.Key ?? []));
      }
      return keys;
    },
    listAfter: async (prefix, after) => {
      const { Contents = [], IsTruncated = false } = await client.send(
        new ListObjectsV2Command({ Bucket: name, Prefix: prefix, StartAfter: after || undefined }),
      );
      return { keys: Contents.flatMap((object) => object.Key ?? []), isLast: !IsTruncated };
    },
  };
}
