import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { readFlags } from '../flags.ts';
import { round, sum } from '../numbers.ts';
import { root, runToEnd } from '../run-command.ts';
import { writeDocument } from './document.ts';
import { readMachine } from './machine.ts';
import { choose, type DataFlag, dataFlags, type Measurement } from './measurements.ts';
import { type FigureRecord, readRecords, toDay, writeRecord } from './records.ts';

/** How a measurement ended. */
export interface End {
  readonly name: Measurement['name'];
  readonly how: 'measured' | 'out of bounds' | 'skipped' | 'failed';
  readonly seconds: number;
  readonly why?: string;
}

/** Where measurements run, and where their records lie. */
export interface Desk {
  /** A bench in a process of its own, as somebody would run it by hand: its figures are the last line. */
  run(args: readonly string[]): ReturnType<typeof runToEnd>;
  /** What is true of each record made here. */
  readonly place: () => Pick<FigureRecord<unknown>, 'at' | 'load' | 'machine'>;
  keep(name: Measurement['name'], record: FigureRecord<unknown>): void;
  /** The day of the record that there is. */
  dayOf(name: Measurement['name']): string | undefined;
}

/** Paths of recorded data, by flag. */
type Data = Readonly<Partial<Record<DataFlag, string>>>;

const say = (line: string) => process.stderr.write(`${line}\n`);

function realDesk(): Desk {
  const machine = readMachine();
  return {
    run: (args) => runToEnd(process.execPath, [join(root, 'bench', 'main.ts'), ...args]),
    place: () => ({ at: `${new Date().toISOString().slice(0, 16)}Z`, load: round(loadavg()[0] ?? 0, 1), machine }),
    keep: (name, record) => {
      writeRecord(name, record);
      writeDocument();
    },
    dayOf: (name) => {
      const record = readRecords()[name];
      return record && toDay(record);
    },
  };
}

function whyNot({ data = [], lacks }: Measurement, given: Data): string | undefined {
  const missing = data.filter((flag) => given[flag] === undefined);
  return missing.length ? `no ${missing.map((flag) => `\`--${flag}\``).join(', ')}` : lacks?.();
}

const argumentsOf = ({ bench, args = [], data = [] }: Measurement, toText: (flag: DataFlag) => string) => [
  bench,
  ...data.flatMap((flag) => [`--${flag}`, toText(flag)]),
  ...args,
  '--json',
];

function readFigures(lastLine: string, exitCode: number): unknown {
  try {
    return JSON.parse(lastLine);
  } catch {
    throw new Error(`no figures, exit code ${exitCode}`);
  }
}

/** A bench that ends with 1 and has figures nevertheless says that they are out of bounds: they are kept, as what is true. */
async function record(measurement: Measurement, data: Data, desk: Desk): Promise<End> {
  const { name } = measurement;
  const why = whyNot(measurement, data);
  if (why) return { name, how: 'skipped', seconds: 0, why };
  const place = desk.place();
  const started = performance.now();
  try {
    const { lastLine, seconds, exitCode } = await desk.run(argumentsOf(measurement, (flag) => data[flag] ?? ''));
    // Where the data lies on this machine is of no use to a reader.
    const shown = argumentsOf(measurement, (flag) => basename(data[flag] ?? ''));
    const command = `npm run bench -- ${shown.join(' ')}`;
    const facts = { command, ...place, seconds: round(seconds, 0) };
    const figures = readFigures(lastLine, exitCode);
    desk.keep(name, exitCode === 0 ? { ...facts, figures } : { ...facts, exitCode, figures });
    return exitCode === 0
      ? { name, how: 'measured', seconds }
      : { name, how: 'out of bounds', seconds, why: `exit code ${exitCode}, see docs/performance.md` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, how: 'failed', seconds: (performance.now() - started) / 1000, why: reason };
  }
}

export function toLine({ name, how, seconds, why }: End, day: string | undefined): string {
  const left = day ? `the record of ${day} stays` : 'there is no record';
  const isKept = how === 'measured' || how === 'out of bounds';
  const what = isKept ? [why ?? ''] : [`${why};`, left];
  return [how.padEnd(13), name.padEnd(19), how === 'skipped' ? '' : `${Math.round(seconds)} s`, ...what].join(' ');
}

/**
 * `--only`: measurements or benches, with commas between; `--large`: also what takes half an hour; `--prices`,
 * `--ondemand`, `--availability`: recorded data. What can't be measured here is skipped, and its record stays.
 */
export async function recordAll(args: readonly string[], desk: Desk): Promise<readonly End[]> {
  const flags = readFlags(args, ['only', ...dataFlags], ['large']);
  const chosen = choose(flags.text('only'), flags.isOn('large'));
  const data: Data = Object.fromEntries(dataFlags.map((flag) => [flag, flags.text(flag)]));
  const ends: End[] = [];
  for (const [index, measurement] of chosen.entries()) {
    say(`== ${index + 1} of ${chosen.length}: ${measurement.name}`);
    const end = await record(measurement, data, desk);
    say(`== ${toLine(end, desk.dayOf(end.name))}`);
    ends.push(end);
  }
  return ends;
}

/** As a command: a summary at the end, exit code 1 where a measurement failed or says what must not be. */
export async function recordAndTell(args: readonly string[]): Promise<void> {
  const desk = realDesk();
  const ends = await recordAll(args, desk);
  const minutes = round(sum(ends.map(({ seconds }) => seconds)) / 60, 1);
  process.stdout.write(`${ends.map((end) => toLine(end, desk.dayOf(end.name))).join('\n')}\n${minutes} minutes\n`);
  if (ends.some(({ how }) => how === 'failed' || how === 'out of bounds')) process.exitCode = 1;
}
