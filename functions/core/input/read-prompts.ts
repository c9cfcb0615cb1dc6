import type { Bucket } from '../storage/bucket.ts';
import { isObjectKey } from '../storage/keys.ts';
import { blocklistKey, parseBlocklist } from './blocklist.ts';
import { type JobInput, type PromptItem, parsePromptItem } from './job-input.ts';
import type { Problem } from './problems.ts';
import { type PromptBatch, promptsFileKinds, readPromptsFile } from './prompts-file.ts';
import { parseWildcardList, wildcardKey, wildcardNames } from './wildcards.ts';

const problem = (message: string): PromptBatch => ({ items: [], problems: [{ path: 'promptsFile', message }] });

/** Reads `s3://<our bucket>/<key>`: other buckets are refused, the function may read no other. */
async function* openPromptsFile(uri: string, bucket: Bucket): AsyncGenerator<PromptBatch> {
  const prefix = `s3://${bucket.name}/`;
  if (!uri.startsWith(prefix)) {
    return yield problem(`Expected \`promptsFile\` to begin with \`${prefix}\`, got \`${uri}\``);
  }
  if (!promptsFileKinds.some((kind) => uri.endsWith(kind))) {
    return yield problem(`Expected \`promptsFile\` to end with ${promptsFileKinds.join(', ')}, got \`${uri}\``);
  }
  const key = uri.slice(prefix.length);
  if (!isObjectKey(key)) return yield problem(`Expected \`promptsFile\` to be \`${prefix}\` and a key, got \`${uri}\``);
  const chunks = await bucket.readChunks(key);
  if (!chunks) return yield problem(`Expected \`promptsFile\` to exist, found nothing at \`${uri}\``);
  yield* readPromptsFile(uri, chunks);
}

/** The path of the prompt at `index`, counted over those that are right on their own. */
type PathOf = (index: number) => readonly PropertyKey[];

/** The prompts of a job, some at a time. */
export interface Given {
  readonly batches: AsyncIterable<PromptBatch>;
  readonly pathOf: PathOf;
}

/** Without any prompt that can be read, a stand-in shows what is wrong with the rest. */
export const standIn: PromptItem = { prompt: 'none' };

export interface InlinePrompts {
  readonly items: readonly PromptItem[];
  readonly pathOf: PathOf;
}

/** The prompts that are right on their own, with the path of each. What is wrong with the others, parseJobInput has named. */
function readInline(raw: readonly unknown[]): InlinePrompts {
  const parsed = raw.map((value, index) => ({ index, item: parsePromptItem(value, '').item }));
  const valid = parsed.flatMap(({ index, item }) => (item ? [{ index, item }] : []));
  return {
    items: valid.map(({ item }) => item),
    pathOf: (position) => ['prompts', valid[position]?.index ?? position],
  };
}

/** The prompts that stand in the input itself, also where something else in it is wrong. */
export function inlinePrompts(raw: unknown, valid: Partial<JobInput>): InlinePrompts {
  const inline: unknown = Reflect.get(Object(raw), 'prompts');
  if (Array.isArray(inline)) return readInline(inline);
  const items = valid.prompt === undefined ? [] : [{ prompt: valid.prompt }];
  return { items, pathOf: () => [] };
}

async function* once(items: readonly PromptItem[]): AsyncGenerator<PromptBatch> {
  yield { items, problems: [] };
}

/** What the input asks for, also where something else in it is wrong. */
export function readPrompts(raw: unknown, valid: Partial<JobInput>, bucket: Bucket): Given {
  if (valid.promptsFile !== undefined) {
    const batches = openPromptsFile(valid.promptsFile, bucket);
    return { batches, pathOf: (index) => [`promptsFile prompt ${index + 1}`] };
  }
  const { items, pathOf } = inlinePrompts(raw, valid);
  return { batches: once(items), pathOf };
}

/** What no prompt may say: the rules of `blocklist.txt` in the bucket, none without it. */
export async function readBlocklist(bucket: Bucket) {
  return parseBlocklist((await bucket.read(blocklistKey)) ?? '');
}

/** What keeps a list from being drawn from. A wildcard in an entry is not drawn in turn: it would be paid for as text. */
function checkList(name: string, list: readonly string[], bucket: Bucket): readonly Problem[] {
  const uri = `s3://${bucket.name}/${wildcardKey(name)}`;
  const refuse = (text: string) => [{ path: 'prompt', message: `Expected ${text}` }];
  if (!list.length) return refuse(`\`__${name}__\` to have a list at \`${uri}\`, found no entry there`);
  return wildcardNames(list).flatMap((inner) => refuse(`no wildcard in \`${uri}\`, got \`__${inner}__\``));
}

/** Adds the lists that the prompts name and that `lists` does not hold yet; one that can't be drawn from is a problem. */
export async function addWildcards(
  lists: Map<string, readonly string[]>,
  items: readonly PromptItem[],
  bucket: Bucket,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const name of wildcardNames(items.map((item) => item.prompt))) {
    if (lists.has(name)) continue;
    const list = parseWildcardList((await bucket.read(wildcardKey(name))) ?? '');
    lists.set(name, list);
    problems.push(...checkList(name, list, bucket));
  }
  return problems;
}
