import type { CommandSpec } from '../grammar/command-spec.ts';
import { toPositive, toWhole, withJson } from '../grammar/flags.ts';
import type { ReplayFlags } from './replay.ts';

export const replay: CommandSpec<ReplayFlags> = {
  name: 'replay',
  summary: 'jobs with a deadline on a Spot market: our picking beside other policies',
  examples: ['replay --starts 5', 'replay --hours 6 --deadline 9 --starts 5 --json'],
  grammar: (command) =>
    withJson(command)
      .option('--hours <number>', 'of work that a job has', toPositive, 6)
      .option('--deadline <number>', 'hours until a job is due', toPositive, 9)
      .option('--changeover-minutes <number>', 'what a start in a pool costs', toPositive, 6)
      .option('--starts <number>', 'how many jobs, each at a time of its own', toWhole(1, 100_000), 100)
      .option('--seed <number>', 'of the synthetic market and of the starts', toWhole(1, 2 ** 31), 3)
      .option('--availability <dir>', 'recorded availability, <zone>_….json')
      .option('--prices <file>', 'recorded prices, .csv or .csv.gz')
      .option('--instance-type <name>', 'whose prices count', 'g6.xlarge'),
  run: async (flags) => (await import('./replay.ts')).replayCommand(flags),
};
