import { renderedModelIds } from '../../functions/core/input/models.ts';
import type { CommandSpec } from '../grammar/command-spec.ts';
import { toOneOf, toWhole, withJson } from '../grammar/flags.ts';
import type { PricesFlags } from './prices.ts';

export const prices: CommandSpec<PricesFlags> = {
  name: 'prices',
  summary: 'Spot prices of the last days per pool and image, as a table and a chart',
  examples: ['prices', 'prices --days 7 --model sdxl --json'],
  grammar: (command) =>
    withJson(command)
      .option('--days <number>', 'how far to look back', toWhole(1, 90), 7)
      .option('--model <id>', 'whose images are counted', toOneOf(renderedModelIds), 'sdxl')
      .option('--count <number>', 'images of the job', toWhole(1, 100_000), 500)
      .option('--prices <source>', '`synthetic`, or `live`: those of AWS', toOneOf(['synthetic', 'live']), 'synthetic')
      .option('--out <dir>', 'where prices.svg goes', 'out'),
  run: async (flags) => (await import('./prices.ts')).pricesCommand(flags),
};
