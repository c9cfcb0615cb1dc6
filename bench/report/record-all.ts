import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { readFlags } from '../flags.ts';
import { round, sum } from '../numbers.ts';
import { root, runCommand } from '../run-command.ts';
import { writeDocument } from './document.ts';
import { type Machine, readMachine } from './machine.ts';
import { choose, type DataFlag, dataFlags, type Measurement } from './measurements.ts';
import { readRecords, toDay, writeRecord } from './records.ts';

/** How a measurement ended. */
interface End {
  readonly name: Measurement['name'];
  readonly how: 'measured' | 'skipped' | 'failed';
  readonly seconds: number;
  readonly why?: string;
}

/** Paths of recorded data, by flag. */
type Data = Readonly<Partial<Record<DataFlag, string>>>;

const say = (line: string) => process.stderr.write(`${line}\n`);

function whyNot({ data = [], lacks }: Measurement, given: Data): string | undefined {
  const missing = data.filter((flag) => given[flag] === undefined);
  return missing.length ? `no ${missing.map((flag) => `\`--${flag}\``).join(', ')}` : lacks?.();
}

/** The command line of a measurement; whose data lies where is nobody's business but the caller's. */
function argumentsOf({ bench, args = [], data = [] }: Measurement, toPath: (flag: DataFlag) => string) {
  return [bench, ...data.flatMap((flag) => [`--${flag}`, toPath(flag)]), ...args, '--json'];
}

/** In a process of its own, as somebody would run it by hand. A bench whose figures are out of bounds ends with 1: it failed. */
async function record(measurement: Measurement, data: Data, machine: Machine): Promise<End> {
  const { name } = measurement;
  const why = whyNot(measurement, data);
  if (why) return { name, how: 'skipped', seconds: 0, why };
  const at = `${new Date().toISOString().slice(0, 16)}Z`;
  const [load = 0] = loadavg();
  const started = performance.now();
  try {
    const args = argumentsOf(measurement, (flag) => data[flag] ?? '');
    const { lastLine, seconds } = await runCommand(process.execPath, [join(root, 'bench', 'main.ts'), ...args]);
    const shown = argumentsOf(measurement, (flag) => basename(data[flag] ?? ''));
    const command = `npm run bench -- ${shown.join(' ')}`;
    const figures = JSON.parse(lastLine);
    writeRecord(name, { command, at, seconds: round(seconds, 0), load: round(load, 1), machine, figures });
    writeDocument();
    return { name, how: 'measured', seconds };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, how: 'failed', seconds: (performance.now() - started) / 1000, why: reason };
  }
}

function toLine({ name, how, seconds, why }: End): string {
  const kept = readRecords()[name];
  const stays = how === 'measured' ? '' : kept ? `; the record of ${toDay(kept)} stays` : '; there is no record';
  return `${how.padEnd(9)} ${name.padEnd(20)} ${how === 'skipped' ? '' : `${Math.round(seconds)} s`} ${why ?? ''}${stays}`;
}

/**
 * `--only`: measurements or benches, with commas between; `--large`: also what takes half an hour; `--prices`,
 * `--ondemand`, `--availability`: recorded data. What can't be measured here is skipped, and its record stays. Exit code
 * 1 where one failed.
 */
export async function recordAll(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, ['only', ...dataFlags], ['large']);
  const chosen = choose(flags.text('only'), flags.isOn('large'));
  const data: Data = Object.fromEntries(dataFlags.map((flag) => [flag, flags.text(flag)]));
  const machine = readMachine();
  const ends: End[] = [];
  for (const [index, measurement] of chosen.entries()) {
    say(`== ${index + 1} of ${chosen.length}: ${measurement.name}`);
    const end = await record(measurement, data, machine);
    say(`== ${toLine(end)}`);
    ends.push(end);
  }
  const minutes = round(sum(ends.map(({ seconds }) => seconds)) / 60, 1);
  process.stdout.write(`${ends.map(toLine).join('\n')}\n${minutes} minutes\n`);
  if (ends.some(({ how }) => how === 'failed')) process.exitCode = 1;
}
