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

/** Why there is nothing to count: `npm run mutation` takes half an hour, so it is never started from here. */
export function whyNoReport(): string | undefined {
  if (!existsSync(reportFile)) return 'no reports/mutation/mutation.json: `npm run mutation` writes one';
  const { config } = reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  const isWhole = config.mutate.includes(wholeCore);
  return isWhole ? undefined : `reports/mutation/mutation.json is of ${config.mutate.join(', ')} alone`;
}

/** How many mutants of the core the tests notice, by the report that the last `npm run mutation` left. */
export async function benchMutation(args: readonly string[]): Promise<MutationFigures> {
  readFlags(args, []);
  const why = whyNoReport();
  if (why) throw new Error(`Expected a report of the whole core, found ${why}.`);
  const report = reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  const files = Object.entries(report.files);
  return {
    date: statSync(reportFile).mtime.toISOString().slice(0, 10),
    ...countMutants(report),
    changedFiles: files.filter(isChanged).length,
    files: files.length,
  };
}
