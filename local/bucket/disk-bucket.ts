import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toObjectKey, toObjectPath } from './object-path.ts';

export interface FileFacts {
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** The bucket as plain files: `images/<hash>.png` is found at `<root>/images/<hash>.png`, so that a person can open it. */
export interface DiskBucket {
  has(key: string): boolean;
  list(prefix: string): readonly string[];
  read(key: string): Promise<Buffer>;
  /** Undefined: it is gone by now. */
  facts(key: string): Promise<FileFacts | undefined>;
  write(key: string, bytes: Buffer): Promise<void>;
  /** Takes a copy of a file that lies elsewhere. */
  adopt(key: string, file: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export async function openDiskBucket(root: string): Promise<DiskBucket> {
  // Beside the bucket, hence on the same file system: a rename is atomic, and a half-written file never has a key.
  const staging = `${root}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  await mkdir(staging, { recursive: true });
  const keys = new Set(await readKeys(root));
  const fileOf = (key: string) => path.join(root, toObjectPath(key));

  const place = async (key: string, produce: (staged: string) => Promise<void>) => {
    const staged = path.join(staging, randomUUID());
    await produce(staged);
    await mkdir(path.dirname(fileOf(key)), { recursive: true });
    await rename(staged, fileOf(key));
    keys.add(key);
  };

  return {
    has: (key) => keys.has(key),
    list: (prefix) => [...keys].filter((key) => key.startsWith(prefix)),
    read: (key) => readFile(fileOf(key)),
    facts: async (key) => {
      const file = await stat(fileOf(key)).catch(noFile);
      return file && { bytes: file.size, modifiedAt: file.mtime };
    },
    write: (key, bytes) => place(key, (staged) => writeFile(staged, bytes)),
    adopt: (key, file) => place(key, (staged) => copyFile(file, staged, constants.COPYFILE_FICLONE)),
    remove: async (key) => {
      if (keys.delete(key)) await rm(fileOf(key), { force: true });
    },
  };
}

function noFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function readKeys(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .map(toObjectKey);
}
