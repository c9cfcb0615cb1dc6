import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import sharp from 'sharp';
import type { ManifestLine } from '../../functions/core/receipt/manifest.ts';
import { parseAttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import type { Left } from './check-job.ts';
import type { Finding } from './findings.ts';
import type { Passed } from './storm.ts';

/** The bucket as it lies on disk: the last word on what there is, past every service. */
export interface Files {
  readonly names: readonly string[];
  read(name: string): Promise<Buffer | undefined>;
}

export async function openFiles(stateDir: string): Promise<Files> {
  const root = join(stateDir, 'bucket');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return {
    names: names.map((name) => name.slice(root.length + 1)),
    read: (name) => readFile(join(root, name)).catch(() => undefined),
  };
}

/** Hashes of the pictures that can be decoded to their last row. */
export async function readPictures(files: Files): Promise<ReadonlySet<string>> {
  const pictures = files.names.filter((name) => /^images\/[0-9a-f]+\.png$/.test(name));
  const whole = await pMap(
    pictures,
    async (name) => {
      const bytes = await files.read(name);
      const decoded =
        bytes &&
        (await sharp(bytes)
          .raw()
          .toBuffer()
          .catch(() => undefined));
      return decoded ? [name.slice('images/'.length, -'.png'.length)] : [];
    },
    { concurrency: 4 },
  );
  return new Set(whole.flat());
}

const parseLines = <T>(bytes: Buffer | undefined): readonly T[] =>
  (bytes?.toString() ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

export async function readLeft(
  files: Files,
  jobId: string,
  { pictures, passed }: { readonly pictures: ReadonlySet<string>; readonly passed: Passed },
): Promise<Left> {
  const of = (name: string) => files.read(`jobs/${jobId}/${name}`);
  const receipt = await of('receipt.json');
  const recipes = parseLines<{ readonly hash: string }>(await of('recipes.jsonl'));
  const isRecord = new RegExp(`^jobs/${jobId}/attempts/\\d+-\\d+\\.json$`);
  const records = await Promise.all(files.names.filter((name) => isRecord.test(name)).map((name) => files.read(name)));
  const hashes = recipes.map((recipe) => recipe.hash);
  return {
    hashes,
    manifest: parseLines<ManifestLine>(await of('manifest.jsonl')),
    receipt: receipt && JSON.parse(receipt.toString()),
    requeued: parseLines(await of('requeue.jsonl')).length,
    records: records.flatMap((bytes) => parseAttemptRecord(bytes?.toString() ?? '') ?? []),
    present: new Set(hashes.filter((hash) => pictures.has(hash))),
    messages: passed.witness.published.get(jobId) ?? 0,
  };
}

/** Objects that are there in part, or that were accepted twice where once is promised. */
export async function checkObjects(
  files: Files,
  { pictures, passed }: { readonly pictures: ReadonlySet<string>; readonly passed: Passed },
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const broken = files.names.filter((name) => name.startsWith('images/') && !pictures.has(name.slice(7, -4)));
  for (const where of broken) found.push({ what: 'orphans', where, text: 'cannot be decoded' });
  for (const where of files.names.filter((name) => name.startsWith('jobs/') && name.endsWith('.json'))) {
    const text = (await files.read(where))?.toString() ?? '';
    try {
      JSON.parse(text);
    } catch {
      found.push({ what: 'orphans', where, text: 'is no whole JSON' });
    }
  }
  for (const name of await readdir(`${join(passed.stage.stateDir, 'bucket')}.partial`)) {
    found.push({ what: 'orphans', where: name, text: 'a write that never ended' });
  }
  for (const [where, times] of passed.witness.writtenOnce) {
    if (times > 1) found.push({ what: 'duplicated', where, text: `was accepted ${times} times` });
  }
  return found;
}
