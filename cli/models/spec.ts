import type { CommandSpec } from '../grammar/command-spec.ts';
import { type PlaceFlags, withPlace, withYes } from '../grammar/flags.ts';
import type { ImportFlags } from './import-build.ts';
import type { RemoveFlags } from './remove.ts';

const list: CommandSpec<PlaceFlags> = {
  name: 'list',
  summary: 'the models, and which of them are here',
  examples: ['models list', 'models list --stack spot-diffusion --json'],
  grammar: withPlace,
  run: async (options) => (await import('./list.ts')).listModels(options),
};

const importOne: CommandSpec<ImportFlags> = {
  name: 'import',
  summary: 'weights into the bucket (the token of gated ones: HF_TOKEN; on AWS a secret)',
  examples: ['models import sd-1.5', 'models import sdxl --stack spot-diffusion'],
  grammar: (command) =>
    withPlace(command.argument('<model>', 'its id')).option('--no-wait', 'on AWS: leave the build to itself'),
  run: async (options, [id = '']) => (await import('./import.ts')).importModel(id, options),
};

const remove: CommandSpec<RemoveFlags> = {
  name: 'remove',
  summary: 'deletes the weights of a model',
  examples: ['models remove sd-1.5', 'models remove sdxl --stack spot-diffusion --yes'],
  grammar: (command) => withYes(withPlace(command.argument('<model>', 'its id'))),
  run: async (options, [id = '']) => (await import('./remove.ts')).removeModel(id, options),
};

export const models: CommandSpec = {
  name: 'models',
  summary: 'the models: list, import, remove',
  examples: [],
  commands: [list, importOne, remove],
};
