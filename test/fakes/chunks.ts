import { type PromptBatch, readPromptsFile } from '../../functions/core/input/prompts-file.ts';

/** A text as it may come from the bucket. */
export async function* inChunks(text: string, length = 5): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

export async function collect<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** All of a prompts file at once. */
export async function parsePromptsFile(name: string, text: string, length?: number): Promise<PromptBatch> {
  const batches = await collect(readPromptsFile(name, inChunks(text, length)));
  return { items: batches.flatMap(({ items }) => items), problems: batches.flatMap(({ problems }) => problems) };
}
