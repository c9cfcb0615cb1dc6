import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { InvalidJob } from '../../functions/core/errors.ts';
import { wildcardKey, wildcardNames } from '../../functions/core/input/wildcards.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { toInput } from '../grammar/job-flags.ts';
import type { NewJobFlags } from '../grammar/run-flags.ts';
import { root } from '../target/local-target.ts';

const samples = join(root, 'examples', 'prompts.txt');
const sampleWildcards = join(root, 'examples', 'wildcards');

/** `20261123-221530-3f9a`: sorts by time, and is an execution name. */
export function makeJobId(now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${time}-${randomBytes(2).toString('hex')}`;
}

function readLocal(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = Reflect.get(Object(error), 'code') ?? error;
    throw new InvalidJob(
      `Expected \`--prompts-file\` to be a file that can be read, got \`${path}\` (${code}). Nothing was rendered.`,
    );
  }
}

/** A local prompts file goes into the bucket: the workflow reads it from there, as on AWS. */
async function upload(path: string, body: Buffer, bucket: Bucket): Promise<string> {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
  const key = `prompts/${hash}/${basename(path, extname(path)).replaceAll(/[^\w-]/g, '-')}${extname(path)}`;
  await bucket.write(key, body);
  return `s3://${bucket.name}/${key}`;
}

function listTexts(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.txt'));
  } catch {
    throw new InvalidJob(`Expected \`--wildcards\` to be a folder, got \`${folder}\`. Nothing was rendered.`);
  }
}

/** The lists of a folder that a text names; all of them where the text lies in the bucket. */
function chooseLists(folder: string, text: string | undefined): readonly string[] {
  const lists = listTexts(folder).map((file) => file.slice(0, -'.txt'.length));
  const named = new Set(text === undefined ? lists : wildcardNames([text]));
  return lists.filter((name) => named.has(name));
}

/** Lists for `__name__`. The samples take the place of none: schedules draw from those of the bucket at night. */
async function uploadWildcards(bucket: Bucket, text: string | undefined, folder: string | undefined): Promise<void> {
  if (folder === undefined && text === undefined) return;
  const from = folder ?? sampleWildcards;
  const put = folder === undefined ? bucket.writeOnce : bucket.write;
  for (const name of chooseLists(from, text)) await put(wildcardKey(name), readFileSync(join(from, `${name}.txt`)));
}

/** The input of StartExecution for a command line; without any prompt, the samples. */
export async function toJobInput(
  { promptsFile, wildcards, ...flags }: NewJobFlags,
  prompts: readonly string[],
  bucket: Bucket,
): Promise<Readonly<Record<string, unknown>>> {
  const input = toInput(flags, prompts);
  const path = promptsFile ?? (prompts.length ? undefined : samples);
  const isInBucket = path?.startsWith('s3://') ?? false;
  const body = path === undefined || isInBucket ? undefined : readLocal(path);
  const text = isInBucket ? undefined : (body?.toString() ?? JSON.stringify(input));
  await uploadWildcards(bucket, text, wildcards);
  if (path === undefined) return input;
  return { ...input, promptsFile: body ? await upload(path, body, bucket) : path };
}
