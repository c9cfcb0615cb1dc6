import type { CommandSpec } from '../grammar/command-spec.ts';
import { withPlace, withYes } from '../grammar/flags.ts';
import type { TeardownFlags } from './site.ts';

export const teardown: CommandSpec<TeardownFlags> = {
  name: 'teardown',
  summary: 'ends jobs, deletes schedules and the stack, and lists what still costs money',
  examples: [
    'teardown --verify --stack spot-diffusion',
    'teardown --stack spot-diffusion',
    'teardown --everything --stack spot-diffusion --yes',
  ],
  grammar: (command) =>
    withYes(withPlace(command))
      .option(
        '--verify',
        'delete nothing: list what is left and what it costs a month; exit code 0 only where nothing is',
      )
      .option('--bucket', 'the bucket, too: pictures, reports, weights')
      .option('--ledger', 'the ledger, too: what was learned of pools and prices')
      .option('--everything', 'both, and the logs that outlive the stack'),
  run: async (options) => (await import('./teardown.ts')).teardown(options),
};
