import { Option } from 'commander';
import { gpuQuotas } from '../../functions/core/market/quotas.ts';
import type { CommandSpec } from '../grammar/command-spec.ts';
import { toOneOf, toWhole, withPlace, withYes } from '../grammar/flags.ts';
import type { QuotaFlags } from './request.ts';

const request: CommandSpec<QuotaFlags> = {
  name: 'request',
  summary: 'asks AWS for the vCPUs that the configured pools lack; never for fewer',
  examples: [
    'quota request --stack spot-diffusion',
    'quota request --code L-3819A6DF --vcpus 16 --stack spot-diffusion --yes',
  ],
  grammar: (command) =>
    withYes(withPlace(command))
      .option('--code <code>', 'this quota alone', toOneOf(gpuQuotas.map(({ code }) => code)))
      .option('--vcpus <number>', 'so many of it (with --code)', toWhole(1, 100_000))
      .addOption(
        new Option('--instances <number>', 'so many are to run at once (default: 1)')
          .argParser(toWhole(1, 1000))
          .conflicts('vcpus'),
      ),
  run: async (options) => (await import('./request.ts')).requestQuota(options),
};

export const quota: CommandSpec = {
  name: 'quota',
  summary: 'the vCPU quotas of EC2: request',
  examples: [],
  commands: [request],
};
