import path from 'node:path';
import pMap from 'p-map';
import type { Call, Upstream } from '../address/upstream.ts';
import type { WireReply } from '../address/wire.ts';
import type { DiskBucket } from './disk-bucket.ts';
import { makeTurns } from './turns.ts';

/*
 * moto keeps S3 in memory; the disk keeps it over a restart.
 * Invariants: an object that is acknowledged is on disk (write-through, before the answer goes out); an object on disk is
 * put into moto before the first request that could see it. So every S3 semantic, conditional puts too, stays moto's.
 */
const HYDRATE_AT_ONCE = 8;

export interface Persistence {
  /** Puts the object into moto if only the disk has it. */
  hydrate(key: string): Promise<void>;
  hydratePrefix(prefix: string): Promise<void>;
  /** Puts bytes that are known: into moto by `exchange`, then to disk. Half the time of `save`. */
  put(key: string, bytes: Buffer, exchange: () => Promise<WireReply>): Promise<WireReply>;
  /** Copies what moto now holds to disk. */
  save(key: string): Promise<void>;
  drop(key: string): Promise<void>;
}

export function makePersistence(bucket: string, disk: DiskBucket, moto: Upstream): Persistence {
  const inMoto = new Set<string>();
  // Of two saves the later one reads later, so the disk ends with the last version.
  const inTurn = makeTurns();
  const ask = (method: string, key: string, more: Partial<Call> = {}) =>
    moto.ask('s3', { method, path: toPath(bucket, key), ...more });

  const load = async (key: string) => {
    if (inMoto.has(key) || !disk.has(key)) return;
    const headers = { 'content-type': toContentType(key) };
    const { status } = await ask('PUT', key, { headers, body: await disk.read(key) });
    if (status !== 200) throw new Error(`Expected moto to take back \`${key}\` from disk, it answered ${status}.`);
    inMoto.add(key);
  };
  const hydrate = async (key: string) => {
    if (!inMoto.has(key) && disk.has(key)) await inTurn(key, () => load(key));
  };

  return {
    hydrate,
    hydratePrefix: (prefix) => pMap(disk.list(prefix), hydrate, { concurrency: HYDRATE_AT_ONCE }).then(() => {}),
    put: (key, bytes, exchange) =>
      inTurn(key, async () => {
        const reply = await exchange();
        if (reply.status >= 300) return reply;
        inMoto.add(key);
        await disk.write(key, bytes);
        return reply;
      }),
    save: (key) =>
      inTurn(key, async () => {
        inMoto.add(key);
        const { status, body } = await ask('GET', key);
        if (status === 200) await disk.write(key, Buffer.from(body));
      }),
    drop: (key) => inTurn(key, () => disk.remove(key)),
  };
}

const toPath = (bucket: string, key: string) => `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
};

function toContentType(key: string): string {
  return CONTENT_TYPES[path.extname(key)] ?? 'application/octet-stream';
}
