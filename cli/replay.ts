import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { BadRecording } from '../bench/replay/bad-recording.ts';
import { replay, type SetFigures } from '../bench/replay/replay.ts';
import { userMarket } from '../bench/replay/user-market.ts';
import { UsageProblem } from './usage-problem.ts';

const numbers = { hours: 6, deadline: 9, 'changeover-minutes': 6, starts: 100, seed: 3 } as const;
const texts = ['availability', 'prices', 'instance-type'] as const;

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(argv: readonly string[]): Values {
  const flags = [...Object.keys(numbers), ...texts].map((name) => [name, { type: 'string' as const }] as const);
  const options = { ...Object.fromEntries(flags), json: { type: 'boolean' as const } };
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message.split('. To specify')[0] : String(error));
  }
}

function toNumber(values: Values, name: keyof typeof numbers): number {
  const given = values[name];
  if (given === undefined) return numbers[name];
  const number = Number(given);
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageProblem(`Expected \`--${name}\` to be a number above 0, got \`${given}\`.`);
}

const toText = (value: unknown) => (typeof value === 'string' ? value : undefined);

function tableOf({ policies }: SetFigures): string {
  const table = new Table({
    head: ['', 'over the optimum', 'of on-demand', 'ready after', 'in time', 'losses a job', 'hours on demand'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const [name, figures] of Object.entries(policies)) {
    table.push([
      name,
      figures.costOverOptimal.toFixed(3),
      `${(figures.costOverOnDemand * 100).toFixed(1)} %`,
      `${figures.makespanOverCompute.toFixed(2)} x`,
      `${(figures.deadlineMet * 100).toFixed(0)} %`,
      figures.lossesPerJob.toFixed(2),
      figures.onDemandHoursPerJob.toFixed(2),
    ]);
  }
  return table.toString();
}

function run(argv: readonly string[]): string {
  const values = parse(argv);
  const number = (name: keyof typeof numbers) => toNumber(values, name);
  const terms = {
    hours: number('hours'),
    deadlineHours: number('deadline'),
    changeoverMinutes: number('changeover-minutes'),
    starts: Math.ceil(number('starts')),
    seed: Math.ceil(number('seed')),
  };
  if (terms.deadlineHours < terms.hours + terms.changeoverMinutes / 60) {
    throw new UsageProblem('Expected `--deadline` to be at least `--hours` and one changeover.');
  }
  const market = userMarket({
    availability: toText(values.availability),
    prices: toText(values.prices),
    instanceType: toText(values['instance-type']) ?? 'g6.xlarge',
    seed: terms.seed,
  });
  const sets = replay(market.traces, { ...terms, ...market });
  if (values.json) return JSON.stringify({ market: market.what, terms, sets });
  const heading = `${terms.starts} jobs of ${terms.hours} h, due after ${terms.deadlineHours} h, on ${market.type.name}: ${market.what}`;
  const tables = Object.entries(sets).map(([name, set]) => `\n${name} (${set.zones.length} zones)\n${tableOf(set)}`);
  return [heading, ...tables].join('\n');
}

/** Jobs with a deadline through our picking and through its baselines, tick by tick; nothing is rendered or spent. */
export function replayCommand(argv: readonly string[]): number {
  try {
    process.stdout.write(`${run(argv)}\n`);
    return 0;
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    const isBadFile = error instanceof BadRecording || code === 'ENOENT' || code === 'ENOTDIR';
    if (isBadFile && error instanceof Error) throw new UsageProblem(error.message);
    throw error;
  }
}
