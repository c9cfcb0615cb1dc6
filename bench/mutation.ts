import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readFlags } from './flags.ts';
import { root } from './run-command.ts';

export interface MutationFigures {
  /** Of the report. */
  readonly date: string;
  readonly mutants: number;
  /** By a test that failed or never ended. */
  readonly noticed: number;
  /** Files that are no longer what was mutated. */
  readonly changedFiles: number;
  readonly files: number;
}

const reportFile = join(root, 'reports', 'mutation', 'mutation.json');
const wholeCore = 'functions/core/**/*.ts';

const reportSchema = z.object({
  config: z.object({ mutate: z.array(z.string()) }),
  files: z.record(z.string(), z.object({ source: z.string(), mutants: z.array(z.object({ status: z.string() })) })),
});

type Report = z.infer<typeof reportSchema>;

const noticed = ['Killed', 'Timeout'];
const missed = ['Survived', 'NoCoverage'];

const isChanged = ([file, { source }]: readonly [string, { readonly source: string }]) =>
  !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== source;

export function countMutants({ files }: Report): Pick<MutationFigures, 'mutants' | 'noticed'> {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (wanted: readonly string[]) => statuses.filter((status) => wanted.includes(status)).length;
  return { mutants: count([...noticed, ...missed]), noticed: count(noticed) };
}

/** The report, or why there is nothing to count: `npm run mutation` takes most of an hour, so it is never started from here. */
function readReport(): Report | string {
  if (!existsSync(reportFile)) return 'no reports/mutation/mutation.json: `npm run mutation` writes one';
  const report = reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  const { mutate } = report.config;
  return mutate.includes(wholeCore) ? report : `reports/mutation/mutation.json is of ${mutate.join(', ')} alone`;
}

export function whyNoReport(): string | undefined {
  const report = readReport();
  return typeof report === 'string' ? report : undefined;
}

/** How many mutants of the core the tests notice, by the report that the last `npm run mutation` left. */
export async function benchMutation(args: readonly string[]): Promise<MutationFigures> {
  readFlags(args, []);
  const report = readReport();
  if (typeof report === 'string') throw new Error(`Expected a report of the whole core, found ${report}.`);
  const files = Object.entries(report.files);
  return {
    date: statSync(reportFile).mtime.toISOString().slice(0, 10),
    ...countMutants(report),
    changedFiles: files.filter(isChanged).length,
    files: files.length,
  };
}
