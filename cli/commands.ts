import { costs } from './costs/spec.ts';
import { doctor } from './doctor/spec.ts';
import type { CommandSpec } from './grammar/command-spec.ts';
import { jobCommands, renderCommands } from './jobs/spec.ts';
import { models } from './models/spec.ts';
import { prices } from './prices/spec.ts';
import { quota } from './quota/spec.ts';
import { replay } from './replay/spec.ts';
import { schedule } from './schedule/spec.ts';
import { status } from './status/spec.ts';
import { teardown } from './teardown/spec.ts';

/**
 * Every command, by the heading under which the help lists it. A spec holds grammar and texts; what does the work is loaded
 * when it is called, as some of it takes a while to load.
 */
export const commandGroups: Readonly<Record<string, readonly CommandSpec[]>> = {
  'Render:': renderCommands,
  'Jobs:': [status, ...jobCommands],
  'At night:': [schedule],
  'Money:': [costs],
  'Set up:': [doctor, quota, models, teardown],
  'Market:': [prices, replay],
};
