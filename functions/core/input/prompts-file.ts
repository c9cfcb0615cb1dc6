import { type PromptItem, parsePromptItem } from './job-input.ts';
import type { Problem } from './problems.ts';
import { type PromptRow, readRows } from './prompt-rows.ts';

/** Prompts as they are read, and what is wrong with the others. */
export interface PromptBatch {
  readonly items: readonly PromptItem[];
  readonly problems: readonly Problem[];
}

export const promptsFileKinds = ['.txt', '.jsonl', '.csv'] as const;

/** So many problems are enough: nobody reads more, and each takes memory. */
export const mostProblems = 10_000;

function parseRow({ number, value, problem }: PromptRow): ReturnType<typeof parsePromptItem> {
  const path = `promptsFile line ${number}`;
  if (problem === undefined) return parsePromptItem(value, path);
  return { problems: [{ path, message: `Expected \`${path}\` to hold a prompt, but it ${problem}` }] };
}

function toBatch(rows: readonly PromptRow[]): PromptBatch {
  const parsed = rows.map(parseRow);
  return { items: parsed.flatMap(({ item }) => item ?? []), problems: parsed.flatMap(({ problems }) => problems) };
}

const nothing: Problem = {
  path: 'promptsFile',
  message: 'Expected `promptsFile` to hold at least one prompt, got none',
};

/** Reads a prompts file (.txt, .jsonl or .csv by `name`). Every broken line is a problem with its number. */
export async function* readPromptsFile(name: string, chunks: AsyncIterable<string>): AsyncGenerator<PromptBatch> {
  let items = 0;
  let problems = 0;
  for await (const rows of readRows(name, chunks)) {
    const batch = toBatch(rows);
    items += batch.items.length;
    problems += batch.problems.length;
    yield batch;
    if (problems >= mostProblems) return;
  }
  if (!items && !problems) yield { items: [], problems: [nothing] };
}
