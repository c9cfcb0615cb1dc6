import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/*
 * Mutation testing of the core: would the tests fail if a decision were wrong? `npm run mutation` mutates a room at a time
 * and runs that room's own tests: a mutant that never ends costs the start of a dozen test files, not of all. What is
 * missed then meets all tests of the core and of its handlers. `npm run mutation -- slots wait` mutates
 * two rooms anew; what was found of the others stays.
 */
const core = 'functions/core';
const folder = 'reports/mutation';
const handlers = 'test/functions/*.test.ts';

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: Record<'start' | 'end', { readonly line: number; readonly column: number }>;
}
type Files = Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>;

/** Files that lie in no room. */
const hall = '.';
const testsOf = (room: string) => `test/${core}/${room === hall ? '' : `${room}/**/`}*.test.ts`;
const sourcesOf = (room: string) =>
  room === hall ? `${core}/*.ts` : `${core}/${room}/**/*.ts,!${core}/report/browser/**`;

const isMissed = ({ status }: Mutant) => status === 'Survived' || status === 'NoCoverage';
const isNoticed = ({ status }: Mutant) => status === 'Killed' || status === 'Timeout';
const idOf = ({ mutatorName, replacement, location }: Mutant) => JSON.stringify([mutatorName, replacement, location]);
/** As Stryker takes it; its columns begin at 0. */
const rangeOf = (file: string, { location: { start, end } }: Mutant) =>
  `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;

const read = (report: string): Files => JSON.parse(readFileSync(report, 'utf8')).files;

const found = `${folder}/run.json`;

function mutate(sources: string, tests: string): Files {
  const env = { ...process.env, MUTATION_TESTS: tests, MUTATION_REPORT: found };
  const { status } = spawnSync('stryker', ['run', '--mutate', sources], { stdio: 'inherit', env });
  if (status !== 0) throw new Error(`Expected Stryker to end, it ended with ${status}`);
  return read(found);
}

function list(files: Files, isOne: (mutant: Mutant) => boolean): (readonly [string, Mutant])[] {
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.filter(isOne).map((mutant) => [file, mutant] as const),
  );
}

/** What the second run noticed is noticed; what runs as a module begins is left out, as in the first. */
function withSecond(files: Files, second: Files): Files {
  const isSettled = (mutant: Mutant) => isNoticed(mutant) || mutant.status === 'Ignored';
  const settled = new Map(list(second, isSettled).map(([file, mutant]) => [file + idOf(mutant), mutant]));
  return Object.fromEntries(
    Object.entries(files).map(([file, { source, mutants }]) => [
      file,
      { source, mutants: mutants.map((one) => (isMissed(one) ? (settled.get(file + idOf(one)) ?? one) : one)) },
    ]),
  );
}

const all = [
  hall,
  ...readdirSync(core, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : [])),
];
const reportOf = (room: string) => join(folder, `${room === hall ? 'core' : room}.json`);
const isIn = (room: string) => (file: string) => dirname(relative(core, file)).split(sep)[0] === room;

mkdirSync(folder, { recursive: true });
const rooms = process.argv.length > 2 ? process.argv.slice(2) : all;
const own: Files = Object.assign({}, ...rooms.map((room) => mutate(sourcesOf(room), testsOf(room))));
const ranges = list(own, isMissed).map(([file, mutant]) => rangeOf(file, mutant));
const everyTest = `test/${core}/**/*.test.ts,${handlers}`;
const merged = ranges.length ? withSecond(own, mutate([...new Set(ranges)].join(), everyTest)) : own;
for (const room of rooms) {
  const files = Object.fromEntries(Object.entries(merged).filter(([file]) => isIn(room)(file)));
  writeFileSync(reportOf(room), JSON.stringify({ files }));
}

// Of rooms that were not asked for what was found before.
const known = all.filter((room) => existsSync(reportOf(room)));
const files: Files = Object.assign({}, ...known.map((room) => read(reportOf(room))));
const whole = known.length === all.length ? [`${core}/**/*.ts`] : known.map(sourcesOf);
writeFileSync(join(folder, 'mutation.json'), JSON.stringify({ config: { mutate: whole }, files }));

const missed = list(files, isMissed);
for (const [file, { location, mutatorName, replacement }] of missed) {
  const { line, column } = location.start;
  process.stdout.write(`${file}:${line}:${column} ${mutatorName}: ${replacement?.replaceAll(/\s+/g, ' ')}\n`);
}
const noticed = list(files, isNoticed).length;
const share = noticed / (noticed + missed.length);
process.stdout.write(`${noticed} of ${noticed + missed.length} mutants noticed, ${(share * 100).toFixed(1)} %.\n`);
process.exitCode = share < 0.85 ? 1 : 0;
