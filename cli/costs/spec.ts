import { InvalidArgumentError } from 'commander';
import type { CommandSpec } from '../grammar/command-spec.ts';
import { withPlace } from '../grammar/flags.ts';
import type { CostFlags } from './costs.ts';

function toMonth(text: string): string {
  if (/^20\d\d-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a month such as 2026-11.');
}

export const costs: CommandSpec<CostFlags> = {
  name: 'costs',
  summary: 'what jobs and schedules cost, from their receipts',
  examples: ['costs', 'costs --month 2026-11 --json', 'costs --stack spot-diffusion --cost-explorer'],
  grammar: (command) =>
    withPlace(command)
      .option('--month <month>', 'of the calendar in UTC, such as 2026-11 (default: this one)', toMonth)
      .option('--cost-explorer', 'beside it what AWS billed for the tag project=spot-diffusion; asking costs $0.01'),
  run: async (flags) => (await import('./costs.ts')).costs(flags),
};
