import pMap from 'p-map';
import type { Bucket } from './bucket.ts';

/**
 * A list of 1,000 keys costs as much money as 12.5 HEADs ($0.005 against $0.0004 a thousand), and as much time of a CPU
 * as 25 (`npm run bench -- scale --lookups`): one that answers for fewer of the keys in question is no bargain. Hashes
 * are spread evenly, so that the first page says how all the others will be.
 */
export const fewestPerPage = 25;
const headsAtOnce = 64;
const listsAtOnce = 8;

interface Answer {
  readonly found: readonly string[];
  /** What the lists left open. */
  readonly open: readonly string[];
}

const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 1);

/** How many of the sorted keys are not after `last`. */
function countUpTo(sorted: readonly string[], last: string): number {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One page, from the first of the keys on. */
async function ask(bucket: Bucket, sorted: readonly string[]): Promise<Answer & { readonly answered: number }> {
  const [first = ''] = sorted;
  // Less its last letter a key comes just before itself.
  const page = await bucket.listAfter(folderOf(first), first.slice(0, -1));
  // S3 may give fewer than it could, none at all too, and more later.
  const answered = page.isLast ? sorted.length : countUpTo(sorted, page.keys.at(-1) ?? '');
  const there = new Set(page.keys);
  const found = sorted.slice(0, answered).filter((key) => there.has(key));
  return { found, open: sorted.slice(answered), answered };
}

/** Page by page, each from the next key in question on, as long as a page answers for enough of them. */
async function walk(bucket: Bucket, sorted: readonly string[]): Promise<Answer> {
  const found: string[] = [];
  for (let open = sorted; ; ) {
    if (open.length < fewestPerPage) return { found, open };
    const page = await ask(bucket, open);
    found.push(...page.found);
    open = page.open;
    if (page.answered < fewestPerPage) return { found, open };
  }
}

function split(sorted: readonly string[], parts: number): readonly (readonly string[])[] {
  const size = Math.ceil(sorted.length / parts);
  return Array.from({ length: parts }, (_, part) => sorted.slice(part * size, (part + 1) * size));
}

async function askEach(bucket: Bucket, keys: readonly string[]): Promise<readonly string[]> {
  const found = await pMap(keys, async (key) => ((await bucket.exists(key)) ? [key] : []), {
    concurrency: headsAtOnce,
  });
  return found.flat();
}

/**
 * Which of these keys are in the bucket now: by lists where the folder holds not much more than what is asked for, by a
 * HEAD each where it holds so much that lists would be mostly of others' keys. S3 is as consistent in one as in the other.
 * @param keys of one folder, in ASCII
 */
export async function findExistingKeys(bucket: Bucket, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const sorted = [...new Set(keys)].sort();
  if (sorted.length < fewestPerPage) return new Set(await askEach(bucket, sorted));
  const first = await ask(bucket, sorted);
  if (first.answered < fewestPerPage) return new Set([...first.found, ...(await askEach(bucket, first.open))]);
  const pages = Math.ceil(first.open.length / first.answered);
  const parts = split(first.open, Math.max(1, Math.min(listsAtOnce, pages)));
  const answers = await Promise.all(parts.map((part) => walk(bucket, part)));
  const open = await askEach(
    bucket,
    answers.flatMap((answer) => answer.open),
  );
  return new Set([...first.found, ...answers.flatMap((answer) => answer.found), ...open]);
}
