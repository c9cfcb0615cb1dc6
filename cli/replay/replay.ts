import Table from 'cli-table3';
import { BadRecording } from '../../bench/replay/bad-recording.ts';
import { replay, type SetFigures } from '../../bench/replay/replay.ts';
import { userMarket } from '../../bench/replay/user-market.ts';
import { UsageProblem } from '../grammar/usage-problem.ts';

export interface ReplayFlags {
  readonly hours: number;
  readonly deadline: number;
  readonly changeoverMinutes: number;
  readonly starts: number;
  readonly seed: number;
  readonly availability?: string;
  readonly prices?: string;
  readonly instanceType: string;
  readonly json?: boolean;
}

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

function run({ json, ...flags }: ReplayFlags): string {
  const { hours, deadline: deadlineHours, changeoverMinutes, availability, prices, instanceType } = flags;
  const terms = { hours, deadlineHours, changeoverMinutes, starts: flags.starts, seed: flags.seed };
  if (deadlineHours < hours + changeoverMinutes / 60) {
    throw new UsageProblem('Expected `--deadline` to be at least `--hours` and one changeover.');
  }
  const market = userMarket({ availability, prices, instanceType, seed: terms.seed });
  const sets = replay(market.traces, { ...terms, ...market });
  if (json) return JSON.stringify({ market: market.what, terms, sets });
  const heading = `${terms.starts} jobs of ${terms.hours} h, due after ${terms.deadlineHours} h, on ${market.type.name}: ${market.what}`;
  const tables = Object.entries(sets).map(([name, set]) => `\n${name} (${set.zones.length} zones)\n${tableOf(set)}`);
  return [heading, ...tables].join('\n');
}

/** What the system says of a path that holds no recording. */
const unreadable = ['EACCES', 'EISDIR', 'ENOENT', 'ENOTDIR'];

/** Jobs with a deadline through our picking and through its baselines, tick by tick; nothing is rendered or spent. */
export async function replayCommand(flags: ReplayFlags): Promise<number> {
  try {
    process.stdout.write(`${run(flags)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof BadRecording) throw new UsageProblem(error.message);
    if (!(error instanceof Error) || !unreadable.includes(String(Reflect.get(error, 'code')))) throw error;
    // Of a folder that is no file the system does not say which.
    throw new UsageProblem(`Expected a recording at \`${flags.availability ?? flags.prices}\`, got ${error.message}.`);
  }
}
