import type { CommandSpec } from '../grammar/command-spec.ts';
import { type PlaceFlags, toJobName, withPlace } from '../grammar/flags.ts';

export const status: CommandSpec<PlaceFlags> = {
  name: 'status',
  summary: 'how far jobs are, what they spent, and why they wait',
  examples: ['status', 'status JOB --json', 'status --stack spot-diffusion'],
  grammar: (command) => withPlace(command.argument('[job]', 'one of them, with its attempts', toJobName)),
  run: async (flags, [jobId]) => (await import('./status.ts')).status(flags, jobId),
};
