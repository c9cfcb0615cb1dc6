import type { CommandSpec } from '../grammar/command-spec.ts';
import { withPlace, withView } from '../grammar/flags.ts';
import type { DoctorFlags } from './doctor.ts';

export const doctor: CommandSpec<DoctorFlags> = {
  name: 'doctor',
  summary: 'what keeps a job from running, and what to do about it',
  examples: ['doctor', 'doctor --stack spot-diffusion --json'],
  grammar: (command) => withView(withPlace(command)),
  run: async (options) => (await import('./doctor.ts')).doctor(options),
};
