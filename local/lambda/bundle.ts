import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { bundling } from '../../functions/bundling.ts';

/*
 * The Lambda code, bundled with the options that the stack's NodejsFunction gets, so that what runs here is what is deployed.
 * A start with unchanged sources bundles nothing: `current.json` remembers the hash of every file that went in.
 */
const SUFFIX = '.lambda.ts';
const KEEP_MS = 86_400_000;

export interface BundleOptions {
  /** Folder of the `*.lambda.ts` entries. */
  readonly sourceDir: string;
  readonly repoDir: string;
  readonly cacheDir: string;
}

/** Function name to bundle file. */
export type Bundles = Readonly<Record<string, string>>;

interface BuildRecord {
  readonly inputs: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** What a bundle of any entry is made with. */
export const bundleOptions = {
  bundle: true,
  metafile: true,
  platform: 'node',
  format: 'esm',
  minify: bundling.minify,
  target: bundling.target,
  mainFields: [...bundling.mainFields],
  external: [...bundling.external],
  banner: { js: bundling.banner },
  logLevel: 'silent',
} satisfies BuildOptions;

export async function bundleFunctions(options: BundleOptions): Promise<Bundles> {
  const entries = (await readdir(options.sourceDir)).filter((name) => name.endsWith(SUFFIX)).sort();
  const home = path.join(options.cacheDir, 'lambdas', hash(options.sourceDir).slice(0, 8));
  const folder = (await findCurrent(home, entries, options)) ?? (await build(home, entries, options));
  return Object.fromEntries(
    entries.map((entry) => {
      const name = entry.slice(0, -SUFFIX.length);
      return [name, path.join(folder, `${name}.mjs`)];
    }),
  );
}

async function findCurrent(home: string, entries: string[], options: BundleOptions): Promise<string | undefined> {
  const record = await readFile(path.join(home, 'current.json'), 'utf8').then(parseRecord, () => undefined);
  if (!record) return undefined;
  const names = entries.map((entry) => path.relative(options.repoDir, path.join(options.sourceDir, entry)));
  const isSame = (
    await Promise.all(Object.entries(record.inputs).map((input) => isUnchanged(options.repoDir, input)))
  ).every(Boolean);
  return isSame && names.every((name) => name in record.inputs) ? touch(record.folder) : undefined;
}

/** A folder is as old as its last start; undefined where it is gone. */
async function touch(folder: string): Promise<string | undefined> {
  const now = new Date();
  return utimes(folder, now, now).then(
    () => folder,
    () => undefined,
  );
}

async function isUnchanged(repoDir: string, [file, digest]: [string, string]): Promise<boolean> {
  return readFile(path.join(repoDir, file)).then(
    (bytes) => hash(bytes) === digest,
    () => false,
  );
}

async function build(home: string, entries: string[], { sourceDir, repoDir }: BundleOptions): Promise<string> {
  const { build: esbuild } = await import('esbuild');
  const folder = path.join(home, randomUUID());
  const { metafile } = await esbuild({
    ...bundleOptions,
    absWorkingDir: repoDir,
    entryPoints: Object.fromEntries(
      entries.map((entry) => [entry.slice(0, -SUFFIX.length), path.join(sourceDir, entry)]),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
  const sources = Object.keys(metafile.inputs).filter((file) => !file.includes('node_modules/'));
  await remember(home, { folder, inputs: await digest(repoDir, [...sources, 'package-lock.json']) });
  await forgetOld(home, folder);
  return folder;
}

async function digest(repoDir: string, files: string[]): Promise<Record<string, string>> {
  const pairs = files.map(async (file) => [file, hash(await readFile(path.join(repoDir, file)))]);
  return Object.fromEntries(await Promise.all(pairs));
}

async function remember(home: string, record: BuildRecord): Promise<void> {
  await mkdir(home, { recursive: true });
  const staged = path.join(home, `${randomUUID()}.json`);
  await writeFile(staged, JSON.stringify(record));
  await rename(staged, path.join(home, 'current.json'));
}

/** Another local stack may still run an older bundle: only what is a day old goes. It may also forget at the same time. */
async function forgetOld(home: string, current: string): Promise<void> {
  for (const name of await readdir(home)) {
    const file = path.join(home, name);
    if (file === current || name === 'current.json') continue;
    const usedAt = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (usedAt !== undefined && Date.now() - usedAt > KEEP_MS) await rm(file, { recursive: true, force: true });
  }
}

function parseRecord(text: string): BuildRecord {
  return JSON.parse(text);
}

function hash(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
