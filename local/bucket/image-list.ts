import type { Call } from '../address/upstream.ts';
import { escapeXml, toXmlReply, type WireReply } from '../address/wire.ts';
import type { DiskBucket, FileFacts } from './disk-bucket.ts';

/*
 * ListObjectsV2 of images and thumbnails, from the disk: moto can list only what it holds, and would have to take in every
 * picture of every job before, for a question about names. What is on disk is what was acknowledged, so the answer is the
 * same. All other lists, and all other ways to ask for these, are moto's.
 */
const folders = /^(images|thumbnails)\//;
const known = ['list-type', 'prefix', 'start-after', 'continuation-token', 'max-keys', 'x-id'];
const mostKeys = 1000;

interface ImageQuestion {
  readonly prefix: string;
  /** The last key that the asker has. */
  readonly after: string;
  readonly most: number;
}

/** Undefined: no such question. */
function readImageQuestion(bucket: string, { method, path }: Call): ImageQuestion | undefined {
  const [pathname, search = ''] = path.split('?', 2);
  if (method !== 'GET' || (pathname !== `/${bucket}` && pathname !== `/${bucket}/`)) return undefined;
  const query = new URLSearchParams(search);
  const prefix = query.get('prefix') ?? '';
  const isPlain = query.get('list-type') === '2' && [...query.keys()].every((name) => known.includes(name));
  if (!isPlain || !folders.test(prefix)) return undefined;
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  return { prefix, after, most: Math.min(mostKeys, Number(query.get('max-keys') ?? mostKeys)) };
}

const toContents = (key: string, { bytes, modifiedAt }: FileFacts) =>
  `<Contents><Key>${escapeXml(key)}</Key><LastModified>${modifiedAt.toISOString()}</LastModified>` +
  `<Size>${bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`;

type Found = readonly [key: string, file: FileFacts];

function toImageList({ prefix, most }: ImageQuestion, found: readonly Found[], next: string | undefined): WireReply {
  const token = next === undefined ? '' : `<NextContinuationToken>${escapeXml(next)}</NextContinuationToken>`;
  const facts = `<Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${found.length}</KeyCount><MaxKeys>${most}</MaxKeys>`;
  const contents = found.map(([key, file]) => toContents(key, file)).join('');
  const list = `${facts}<IsTruncated>${next !== undefined}</IsTruncated>${token}${contents}`;
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return toXmlReply(200, `<ListBucketResult xmlns="${xmlns}">${list}</ListBucketResult>`);
}

/** Undefined: moto answers. */
export async function listImages(bucket: string, call: Call, disk: DiskBucket): Promise<WireReply | undefined> {
  const question = readImageQuestion(bucket, call);
  if (!question) return undefined;
  const { prefix, after, most } = question;
  const all = disk.list(prefix).filter((key) => key > after);
  const page = all.sort().slice(0, most);
  const next = all.length > most ? page.at(-1) : undefined;
  const found = page.map(async (key): Promise<readonly Found[]> => {
    const file = await disk.facts(key);
    return file ? [[key, file]] : [];
  });
  return toImageList(question, (await Promise.all(found)).flat(), next);
}
