import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { inChunks } from './chunks.ts';

export interface FakeBucket extends Bucket {
  /** What the worker says of an object that it puts. */
  putBy(attempt: string, key: string, body: string): void;
  /** Keys in the order in which they were written, refused conditional writes left out. */
  readonly written: readonly string[];
  /** The keys that are there, sorted. */
  keys(): readonly string[];
  delete(key: string): void;
}

/** S3's. */
const pageSize = 1000;

/** A byte order mark stays, as in a text from S3. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const toBytes = (body: string | Uint8Array) => (typeof body === 'string' ? new TextEncoder().encode(body) : body);

/** S3's rules for keys that a mistake of ours would break: an unset variable, a leading slash, an empty part, more than 1024 bytes. */
function checkKey(key: string): void {
  if (
    !key ||
    key.length > 1024 ||
    key.startsWith('/') ||
    key.includes('//') ||
    /undefined|null|NaN|\[object/.test(key)
  ) {
    throw new TypeError(`Expected a key of the bucket, got \`${key}\``);
  }
}

export function makeFakeBucket(files: Readonly<Record<string, string | Uint8Array>> = {}, name = 'spot-diffusion') {
  const objects = new Map<string, Uint8Array>();
  const written: string[] = [];
  const attempts = new Map<string, string>();
  const put = (key: string, body: string | Uint8Array) => {
    checkKey(key);
    objects.set(key, toBytes(body).slice());
  };
  for (const [key, body] of Object.entries(files)) put(key, body);
  const get = (key: string) => {
    checkKey(key);
    return objects.get(key)?.slice();
  };
  return {
    name,
    written,
    keys: () => [...objects.keys()].sort(),
    delete: (key) => {
      if (!objects.delete(key)) throw new Error(`Expected \`${key}\` to be there, it is not`);
    },
    read: async (key) => {
      const bytes = get(key);
      return bytes && decoder.decode(bytes);
    },
    readBytes: async (key, most?: number) => get(key)?.subarray(0, most),
    readChunks: async (key) => {
      const bytes = get(key);
      if (!bytes) return undefined;
      const text = decoder.decode(bytes);
      // So short that lines are cut, and so long that large files do not take seconds.
      return inChunks(text, Math.max(7, Math.ceil(text.length / 500)));
    },
    exists: async (key) => get(key) !== undefined,
    write: async (key, body) => {
      put(key, body);
      written.push(key);
    },
    writeOnce: async (key, body) => {
      if (get(key)) return false;
      put(key, body);
      written.push(key);
      return true;
    },
    putBy: (attempt, key, body) => {
      put(key, body);
      attempts.set(key, attempt);
    },
    attemptOf: async (key) => attempts.get(key),
    listAfter: async (prefix, after) => {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
      return { keys: keys.slice(0, pageSize), isLast: keys.length <= pageSize };
    },
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
  } satisfies FakeBucket;
}
