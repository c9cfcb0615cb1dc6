import { pipeline, Readable } from 'node:stream';
import { CsvError, parse as makeCsvParser } from 'csv-parse';
import { toPrompt } from './prompt-of-line.ts';
import { splitLines, type TextLine } from './text-lines.ts';

/** One entry of a prompts file. */
export interface PromptRow {
  /** Of its line; the first is 1. */
  readonly number: number;
  readonly value: unknown;
  readonly problem?: string;
}

type Batches = AsyncGenerator<readonly PromptRow[]>;

const notBlank = (text: string) => text.trim() !== '';

/** One prompt a line. Blank lines and lines that begin with `#` are passed over. */
const readTxt = (lines: readonly TextLine[]): readonly PromptRow[] =>
  lines
    .filter(({ text }) => notBlank(text) && !text.startsWith('#'))
    .map(({ number, text }) => ({ number, value: text }));

function readJson({ number, text }: TextLine): PromptRow {
  try {
    return { number, value: toPrompt(JSON.parse(text)) };
  } catch (error) {
    return { number, value: undefined, problem: `is no JSON: ${error instanceof Error ? error.message : error}` };
  }
}

const readJsonl = (lines: readonly TextLine[]): readonly PromptRow[] =>
  lines.filter(({ text }) => notBlank(text)).map(readJson);

const numeric = new Set(['seed', 'width', 'height', 'steps', 'guidance', 'count', 'strength']);

interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** An empty cell means the job's default. */
const toRow = ({ record, info }: CsvRow): PromptRow => ({
  number: info.lines,
  value: Object.fromEntries(
    Object.entries(record)
      .filter(([name, cell]) => cell !== '' || name === 'prompt')
      .map(([name, cell]) => [name, numeric.has(name) && cell !== '' ? Number(cell) : cell]),
  ),
});

const notCsv = (number: number, reason: string): PromptRow => ({
  number,
  value: undefined,
  problem: `is no CSV: ${reason}`,
});

/** Rows at once: fewer turns of the event loop. */
const batchSize = 500;

/** A header line with the names of recipe fields. */
async function* parseRows(chunks: AsyncIterable<string>): AsyncGenerator<PromptRow> {
  const parser = makeCsvParser({ columns: true, info: true, trim: true, bom: true, skip_empty_lines: true });
  let isFirst = true;
  // It tells of a failure by the iteration; the callback keeps it from being told a second time, to nobody.
  const rows: AsyncIterable<CsvRow> = pipeline(Readable.from(chunks, { objectMode: true }), parser, () => {});
  for await (const row of rows) {
    if (isFirst && !('prompt' in row.record)) {
      yield notCsv(1, 'its first line names no column `prompt`');
      return;
    }
    isFirst = false;
    yield toRow(row);
  }
}

async function* readCsv(chunks: AsyncIterable<string>): Batches {
  let batch: PromptRow[] = [];
  try {
    for await (const row of parseRows(chunks)) {
      batch.push(row);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error; // the bucket
    batch.push(notCsv(Number(Reflect.get(error, 'lines') ?? 1), error.message));
  }
  yield batch;
}

/** Only at the very beginning is it a byte order mark. */
async function* withoutMark(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const chunk of chunks) {
    yield isFirst ? chunk.replace(/^\uFEFF/, '') : chunk;
    isFirst &&= chunk === '';
  }
}

/** The entries of a prompts file, some at a time: a million lines are never in memory at once. */
export async function* readRows(name: string, chunks: AsyncIterable<string>): Batches {
  const text = withoutMark(chunks);
  if (name.endsWith('.csv')) return yield* readCsv(text);
  const read = name.endsWith('.jsonl') ? readJsonl : readTxt;
  for await (const lines of splitLines(text)) yield read(lines);
}
