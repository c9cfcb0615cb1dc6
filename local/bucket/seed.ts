import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DiskBucket } from './disk-bucket.ts';

interface ModelFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Publishes the tiny model that lies in the repository into the bucket on disk, its manifest last. The bucket takes it
 * from there when somebody reads it; a start that finds the manifest copies nothing.
 * Returns what stands between a user and the model, if anything.
 */
export async function seedTinyModel(repoDir: string, disk: DiskBucket): Promise<string | undefined> {
  const folder = path.join(repoDir, 'models', 'tiny');
  const files = await readFiles(folder);
  if (files.length === 0) return 'Expected weights in `models/tiny`, found none: jobs with this model will fail.';
  const revision = toRevision(files);
  const registered = JSON.parse(await readFile(path.join(repoDir, 'models', 'tiny.json'), 'utf8'));
  await publish({ folder, files, revision, registered }, disk);
  if (registered.revision === revision) return undefined;
  return `Expected \`models/tiny.json\` to name the revision \`${revision}\` of its weights, got \`${registered.revision}\`.`;
}

interface Publication {
  readonly folder: string;
  readonly files: readonly ModelFile[];
  readonly revision: string;
  readonly registered: { readonly pipeline: string; readonly dtype: string };
}

async function publish({ folder, files, revision, registered }: Publication, disk: DiskBucket): Promise<void> {
  const { pipeline, dtype } = registered;
  const prefix = `models/tiny/${revision}`;
  if (disk.has(`${prefix}/manifest.json`)) return;
  for (const file of files) await disk.adopt(`${prefix}/${file.path}`, path.join(folder, file.path));
  const manifest = { version: 1, id: 'tiny', revision, pipeline, dtype, files };
  await disk.write(`${prefix}/manifest.json`, Buffer.from(JSON.stringify(manifest, null, 2)));
}

async function readFiles(folder: string): Promise<ModelFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const files = await Promise.all(names.map((name) => readModelFile(folder, name)));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readModelFile(folder: string, name: string): Promise<ModelFile> {
  const bytes = await readFile(name);
  const relative = path.relative(folder, name).split(path.sep).join('/');
  return { path: relative, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The revision of the weights in `models/tiny`: `models/tiny.json` must name it. */
export async function readTinyRevision(repoDir: string): Promise<string> {
  return toRevision(await readFiles(path.join(repoDir, 'models', 'tiny')));
}

/**
 * First 12 hex digits of SHA-256 over the sorted lines `<sha256>  <path>`: new weights are a new revision, so that recipes
 * and images of the old ones keep their names.
 */
function toRevision(files: readonly ModelFile[]): string {
  const lines = files.map((file) => `${file.sha256}  ${file.path}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 12);
}
