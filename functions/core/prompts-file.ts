import { parse as parseCsv } from 'csv-parse/sync';
import { z } from 'zod';
import { type PromptItem, parsePromptItem } from './job-input.ts';
import type { ManifestLine } from './manifest.ts';
import type { Problem } from './problems.ts';
import { type Recipe, recipeSchema } from './recipe.ts';

export interface PromptsFile {
  readonly items: readonly PromptItem[];
  readonly problems: readonly Problem[];
}

interface Line {
  readonly number: number;
  readonly value: unknown;
  readonly problem?: string;
}

export const promptsFileKinds = ['.txt', '.jsonl', '.csv'] as const;

/** Fields that a manifest line has beside the recipe: the manifest that we write is a prompts file that we read. */
const ofTheManifest: Readonly<Record<'revision' | Exclude<keyof ManifestLine, keyof Recipe>, true>> = {
  revision: true,
  hash: true,
  status: true,
  reused: true,
  key: true,
  pool: true,
  seconds: true,
  usd: true,
  error: true,
  pixels: true,
  receipt: true,
};

const recipeParts = z.object({ start: recipeSchema.shape.start.unwrap(), safety: recipeSchema.shape.safety.unwrap() });

/** A recipe's `start` and `safety` as a prompt says them; what is neither stays and is refused by its name. */
function toPromptField(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  const start = name === 'start' ? recipeParts.shape.start.safeParse(value).data : undefined;
  if (start) {
    return [
      ['startImage', start.image],
      ['strength', start.strength],
    ];
  }
  const safety = name === 'safety' ? recipeParts.shape.safety.safeParse(value).data : undefined;
  return [[name, safety?.policy ?? value]];
}

/** A line of a manifest or a requeue file as a prompt. */
function toPrompt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const isManifest = 'hash' in value;
  const fields = Object.entries(value).filter(([name]) => !isManifest || !Object.hasOwn(ofTheManifest, name));
  return Object.fromEntries(fields.flatMap(([name, field]) => toPromptField(name, field)));
}

const notBlank = (text: string) => text.trim() !== '';

/** One prompt a line. Blank lines and lines that begin with `#` are passed over. */
function readTxt(text: string): readonly Line[] {
  return text
    .split(/\r?\n/)
    .map((value, index) => ({ number: index + 1, value }))
    .filter(({ value }) => notBlank(value) && !value.startsWith('#'));
}

function readJsonl(text: string): readonly Line[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, line }))
    .filter(({ line }) => notBlank(line))
    .map(({ number, line }) => {
      try {
        return { number, value: toPrompt(JSON.parse(line)) };
      } catch (error) {
        return { number, value: undefined, problem: `is no JSON: ${error instanceof Error ? error.message : error}` };
      }
    });
}

const numeric = new Set(['seed', 'width', 'height', 'steps', 'guidance', 'count', 'strength']);

/** A header line with the names of recipe fields; an empty cell means the job's default. */
function readCsv(text: string): readonly Line[] {
  const rows: { record: Record<string, string>; info: { lines: number } }[] = parseCsv(text, {
    columns: true,
    info: true,
    trim: true,
    bom: true,
    skip_empty_lines: true,
  });
  if (rows[0] && !('prompt' in rows[0].record)) throw new Error('its first line names no column `prompt`');
  return rows.map(({ record, info }) => ({
    number: info.lines,
    value: Object.fromEntries(
      Object.entries(record)
        .filter(([name, cell]) => cell !== '' || name === 'prompt')
        .map(([name, cell]) => [name, numeric.has(name) && cell !== '' ? Number(cell) : cell]),
    ),
  }));
}

function readLines(name: string, text: string): readonly Line[] {
  if (name.endsWith('.jsonl')) return readJsonl(text);
  if (!name.endsWith('.csv')) return readTxt(text);
  try {
    return readCsv(text);
  } catch (error) {
    const number = Number(Reflect.get(Object(error), 'lines') ?? 1);
    return [{ number, value: undefined, problem: `is no CSV: ${error instanceof Error ? error.message : error}` }];
  }
}

/** Reads a prompts file (.txt, .jsonl or .csv by `name`). Every broken line is a problem with its number. */
export function parsePromptsFile(name: string, text: string): PromptsFile {
  const items: PromptItem[] = [];
  const problems: Problem[] = [];
  for (const line of readLines(name, text.replace(/^\uFEFF/, ''))) {
    const path = `promptsFile line ${line.number}`;
    const parsed = line.problem
      ? { problems: [{ path, message: `Expected \`${path}\` to hold a prompt, but it ${line.problem}` }] }
      : parsePromptItem(line.value, path);
    if ('item' in parsed && parsed.item) items.push(parsed.item);
    problems.push(...parsed.problems);
  }
  if (!items.length && !problems.length) {
    problems.push({ path: 'promptsFile', message: 'Expected `promptsFile` to hold at least one prompt, got none' });
  }
  return { items, problems };
}
