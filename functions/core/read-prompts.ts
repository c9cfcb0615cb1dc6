import { blocklistKey, parseBlocklist } from './blocklist.ts';
import { type JobInput, type PromptItem, parsePromptItem } from './job-input.ts';
import { isObjectKey } from './keys.ts';
import type { Bucket } from './ports.ts';
import type { Problem } from './problems.ts';
import { type PromptsFile, parsePromptsFile, promptsFileKinds } from './prompts-file.ts';
import { parseWildcardList, wildcardKey, wildcardNames } from './wildcards.ts';

const problem = (message: string): PromptsFile => ({ items: [], problems: [{ path: 'promptsFile', message }] });

/** Reads `s3://<our bucket>/<key>`: other buckets are refused, the function may read no other. */
async function readPromptsFile(uri: string, bucket: Bucket): Promise<PromptsFile> {
  const prefix = `s3://${bucket.name}/`;
  if (!uri.startsWith(prefix)) {
    return problem(`Expected \`promptsFile\` to begin with \`${prefix}\`, got \`${uri}\``);
  }
  if (!promptsFileKinds.some((kind) => uri.endsWith(kind))) {
    return problem(`Expected \`promptsFile\` to end with ${promptsFileKinds.join(', ')}, got \`${uri}\``);
  }
  const key = uri.slice(prefix.length);
  if (!isObjectKey(key)) return problem(`Expected \`promptsFile\` to be \`${prefix}\` and a key, got \`${uri}\``);
  const text = await bucket.read(key);
  if (text === undefined) return problem(`Expected \`promptsFile\` to exist, found nothing at \`${uri}\``);
  return parsePromptsFile(uri, text);
}

/** The prompts of a job. */
export interface Given {
  readonly items: readonly PromptItem[];
  readonly problems: readonly Problem[];
  readonly pathOf: (index: number) => readonly PropertyKey[];
}

/** Without any prompt that can be read, a stand-in shows what is wrong with the rest. */
export const orStandIn = (items: readonly PromptItem[]): readonly PromptItem[] =>
  items.length ? items : [{ prompt: 'none' }];

/** The prompts that are right on their own, with the path of each. */
function readInline(raw: readonly unknown[]): Given {
  const parsed = raw.map((value, index) => ({ index, item: parsePromptItem(value, '').item }));
  const valid = parsed.flatMap(({ index, item }) => (item ? [{ index, item }] : []));
  return {
    items: valid.map(({ item }) => item),
    problems: [], // parseJobInput has named them
    pathOf: (position) => ['prompts', valid[position]?.index ?? position],
  };
}

/** The prompts that stand in the input itself, also where something else in it is wrong. */
export function inlinePrompts(raw: unknown, valid: Partial<JobInput>): Given {
  const inline: unknown = Reflect.get(Object(raw), 'prompts');
  if (Array.isArray(inline)) return readInline(inline);
  const items = valid.prompt === undefined ? [] : [{ prompt: valid.prompt }];
  return { items, problems: [], pathOf: () => [] };
}

/** What the input asks for, also where something else in it is wrong. */
export async function readPrompts(raw: unknown, valid: Partial<JobInput>, bucket: Bucket): Promise<Given> {
  if (valid.promptsFile !== undefined) {
    const file = await readPromptsFile(valid.promptsFile, bucket);
    return { ...file, pathOf: (index) => [`promptsFile prompt ${index + 1}`] };
  }
  return inlinePrompts(raw, valid);
}

/** What no prompt may say: the rules of `blocklist.txt` in the bucket, none without it. */
export async function readBlocklist(bucket: Bucket) {
  return parseBlocklist((await bucket.read(blocklistKey)) ?? '');
}

/** The lists that the prompts name; a name without a list is a problem. */
export async function readWildcards(items: readonly PromptItem[], bucket: Bucket) {
  const lists = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  for (const name of wildcardNames(items.map((item) => item.prompt))) {
    const list = parseWildcardList((await bucket.read(wildcardKey(name))) ?? '');
    lists.set(name, list);
    if (list.length) continue;
    const uri = `s3://${bucket.name}/${wildcardKey(name)}`;
    problems.push({
      path: 'prompt',
      message: `Expected \`__${name}__\` to have a list at \`${uri}\`, found no entry there`,
    });
  }
  return { lists, problems };
}
