import { createHash } from 'node:crypto';
import { imageKey, thumbnailKey, thumbnailSizes } from '../../functions/core/storage/keys.ts';
import type { FrontCall } from '../../local/address/front.ts';
import { escapeXml, toXmlReply, type WireReply } from '../../local/address/wire.ts';
import { BUCKET } from '../../local/names.ts';
import { makeSortedKeys, type SortedKeys } from './sorted-keys.ts';

/*
 * Images and thumbnails in memory, in S3's protocol: moto is one Python process that answers about 400 requests a second
 * on two cores, and a job of 100,000 images asks half a million times. Only what is asked of these objects is spoken:
 * HEAD, GET (also of the first bytes), conditional PUT, ListObjectsV2. All other objects and services go the ordinary way.
 */
export interface ImageStore {
  /** Undefined: none of its objects. */
  answer(call: FrontCall): WireReply | undefined;
  /** Puts in so many images of nobody here, with their thumbnails. */
  fill(images: number): void;
}

interface StoredObject {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const isStored = (key: string) => key.startsWith('images/') || key.startsWith('thumbnails/');
const mostKeys = 1000;

const error = (status: number, code: string, message: string) =>
  toXmlReply(status, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);

const missing = error(404, 'NoSuchKey', 'The specified key does not exist.');
const outOfRange = error(416, 'InvalidRange', 'The requested range is not satisfiable');
const exists = error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');

function toObject({ body, headers }: FrontCall): StoredObject {
  const kept = Object.entries(headers).filter(([name]) => name === 'content-type' || name.startsWith('x-amz-meta-'));
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  return { bytes: body, headers: { ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])), etag } };
}

const pixel: StoredObject = {
  bytes: Buffer.from('UklGRh4AAABXRUJQVlA4TBEAAAAvAAAAAAfQ//73v/+BiOh/AAA=', 'base64'),
  headers: { 'content-type': 'image/webp' },
};

const thumbnailsOf = (image: string) => {
  const hash = image.slice('images/'.length, -'.png'.length);
  return thumbnailSizes.map((size) => thumbnailKey(hash, size));
};

/** All that S3 says of an object in a list: reading it is what a list costs its reader. */
const facts =
  '<LastModified>2026-11-30T22:00:00.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>' +
  '<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>1</Size>' +
  '<StorageClass>STANDARD</StorageClass>';

function toList(prefix: string, keys: readonly string[], isTruncated: boolean): WireReply {
  const contents = keys.map((key) => `<Contents><Key>${escapeXml(key)}</Key>${facts}</Contents>`).join('');
  const token = isTruncated ? `<NextContinuationToken>${escapeXml(keys.at(-1) ?? '')}</NextContinuationToken>` : '';
  const head = `<Name>${BUCKET}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${keys.length}</KeyCount>`;
  const truncated = `<IsTruncated>${isTruncated}</IsTruncated>`;
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return toXmlReply(
    200,
    `<ListBucketResult xmlns="${xmlns}">${head}${truncated}${token}${contents}</ListBucketResult>`,
  );
}

function list(keys: SortedKeys, query: URLSearchParams): WireReply {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const most = Math.min(mostKeys, Number(query.get('max-keys') ?? mostKeys));
  const found = keys.after(prefix, after, most + 1);
  return toList(prefix, found.slice(0, most), found.length > most);
}

/** The key that is asked for in our bucket, empty for the bucket itself. */
function readTarget({ service, path }: FrontCall) {
  const [resource = '', search = ''] = path.split('?', 2);
  const [, bucket, ...rest] = resource.split('/');
  if (service !== 's3' || bucket !== BUCKET) return undefined;
  return { key: decodeURIComponent(rest.join('/')), query: new URLSearchParams(search) };
}

/** @param withThumbnails whoever puts an image gets both its thumbnails with it, one white pixel each */
export function makeImageStore(withThumbnails: boolean): ImageStore {
  const objects = new Map<string, StoredObject>();
  const keys = makeSortedKeys();
  const put = (key: string, object: StoredObject) => {
    if (!objects.has(key)) keys.add(key);
    objects.set(key, object);
  };

  function answerObject(call: FrontCall, key: string): WireReply {
    const stored = objects.get(key);
    if (call.method === 'PUT') {
      if (stored && call.headers['if-none-match'] === '*') return exists;
      const object = toObject(call);
      put(key, object);
      if (withThumbnails && key.startsWith('images/')) for (const other of thumbnailsOf(key)) put(other, pixel);
      return { status: 200, headers: object.headers, body: '' };
    }
    if (!stored) return call.method === 'HEAD' ? { ...missing, body: '' } : missing;
    const last = /^bytes=0-(\d+)$/.exec(String(call.headers.range))?.[1];
    if (last !== undefined && !stored.bytes.length) return outOfRange;
    const body = last === undefined ? stored.bytes : stored.bytes.subarray(0, Number(last) + 1);
    return {
      status: last === undefined ? 200 : 206,
      headers: stored.headers,
      body: call.method === 'HEAD' ? '' : body,
    };
  }

  return {
    fill: (images) => {
      for (let index = 0; index < images; index++) {
        const key = imageKey(createHash('sha256').update(`of others ${index}`).digest('hex'));
        for (const one of [key, ...thumbnailsOf(key)]) put(one, pixel);
      }
    },
    answer: (call) => {
      const target = readTarget(call);
      if (!target) return undefined;
      const { key, query } = target;
      if (key !== '') return isStored(key) ? answerObject(call, key) : undefined;
      const isOurs = call.method === 'GET' && query.has('list-type') && isStored(query.get('prefix') ?? '');
      return isOurs ? list(keys, query) : undefined;
    },
  };
}
