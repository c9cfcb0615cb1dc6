import type { Call } from '../address/upstream.ts';
import type { Persistence } from './persistence.ts';

/** What a request means for the objects of our bucket: what must be in moto before it, and what changed after it. */
export interface S3Plan {
  readonly hydrate: readonly string[];
  readonly hydratePrefix?: string;
  readonly saves?: string;
  readonly drops: readonly string[];
}

/** Query parts that ask a bucket for something other than its list of objects. */
const NOT_A_LIST = ['location', 'versioning', 'uploads', 'policy', 'acl', 'cors', 'lifecycle', 'tagging', 'encryption'];

/** Query parts by which a put is one of something other than the bytes of an object. */
const NOT_BYTES = ['partNumber', 'tagging', 'acl', 'retention', 'legal-hold'];

/** Undefined when the request is not about our bucket. `body` is needed for a bulk delete only. */
export function planS3(bucket: string, call: Call, body?: Buffer): S3Plan | undefined {
  // Split by hand: `new URL` would fold `a/../b`, which is a key like any other.
  const [pathname = '', search = ''] = call.path.split('?', 2);
  const [, name, ...rest] = pathname.split('/');
  if (name !== bucket) return undefined;
  const key = decodeURIComponent(rest.join('/'));
  const query = new URLSearchParams(search);
  return key === '' ? planBucket(call.method, query, body) : planObject(call, key, query);
}

function planBucket(method: string, query: URLSearchParams, body?: Buffer): S3Plan {
  if (method === 'POST' && query.has('delete')) return { hydrate: [], drops: readKeys(body) };
  const isList = method === 'GET' && !NOT_A_LIST.some((part) => query.has(part));
  return { hydrate: [], drops: [], hydratePrefix: isList ? (query.get('prefix') ?? '') : undefined };
}

function planObject({ method, headers }: Call, key: string, query: URLSearchParams): S3Plan {
  if (method === 'PUT' && !NOT_BYTES.some((part) => query.has(part))) {
    // The old version first, always: a conditional put must see it, and a read beside this put must not bring it back later.
    return { hydrate: [key, ...readCopySource(headers)], saves: key, drops: [] };
  }
  if (method === 'POST' && query.has('uploadId')) return { hydrate: [key], saves: key, drops: [] };
  const isDelete = method === 'DELETE' && !query.has('uploadId') && !query.has('tagging');
  return { hydrate: [key], drops: isDelete ? [key] : [] };
}

function readCopySource(headers: Call['headers']): string[] {
  const source = headers['x-amz-copy-source'];
  if (source === undefined) return [];
  return [decodeURIComponent(String(source)).replace(/^\/?[^/]+\//, '')];
}

function readKeys(body?: Buffer): string[] {
  const keys = [...String(body).matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1] ?? '');
  return keys.map((key) => key.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

export async function prepareS3(plan: S3Plan, persistence: Persistence): Promise<void> {
  await Promise.all(plan.hydrate.map(persistence.hydrate));
  if (plan.hydratePrefix !== undefined) await persistence.hydratePrefix(plan.hydratePrefix);
}

export async function commitS3(plan: S3Plan, persistence: Persistence): Promise<void> {
  if (plan.saves !== undefined) await persistence.save(plan.saves);
  await Promise.all(plan.drops.map(persistence.drop));
}

export function changesObjects(plan: S3Plan): boolean {
  return plan.saves !== undefined || plan.drops.length > 0;
}
