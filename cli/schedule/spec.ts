import type { Command } from 'commander';
import type { CommandSpec } from '../grammar/command-spec.ts';
import { type PlaceFlags, withPlace } from '../grammar/flags.ts';
import { withJobFields } from '../grammar/job-flags.ts';
import { withOutHere, withWildcards } from '../grammar/run-flags.ts';
import type { AddFlags } from './add.ts';

const byName = (command: Command) => withPlace(command.argument('<name>', 'of the schedule'));

const add: CommandSpec<AddFlags> = {
  name: 'add',
  summary: 'renders a list at certain times; its prompts are checked now, as they will be then',
  examples: [
    'schedule add night "cron(0 2 * * ? *)" --prompts-file examples/prompts.txt --time-zone Europe/Berlin --max-usd 2 --ready-by 07:00',
    'schedule add hourly "rate(1 hour)" --prompt "a __colour__ star" --max-usd 0.5 --json',
  ],
  grammar: (command) =>
    withPlace(
      withWildcards(
        withJobFields(
          command
            .argument('<name>', 'of the schedule')
            .argument(
              '<expression>',
              '`cron(minute hour day month weekday year)`, `rate(1 day)` or `at(…)`, in `--time-zone`',
            )
            .optionsGroup('The job:')
            .option('--prompt <text>', 'what to draw, in place of a list'),
        ),
      ).optionsGroup('Options:'),
    ),
  run: async (flags, [name = '', expression = '']) => (await import('./add.ts')).addSchedule(flags, name, expression),
};

const list: CommandSpec<PlaceFlags> = {
  name: 'list',
  summary: 'the schedules, and how their last two jobs ended',
  examples: ['schedule list', 'schedule list --json'],
  grammar: withPlace,
  run: async (flags) => (await import('./list.ts')).listSchedules(flags),
};

const remove: CommandSpec<PlaceFlags> = {
  name: 'remove',
  summary: 'takes a schedule away; jobs that it started go on',
  examples: ['schedule remove night'],
  grammar: byName,
  run: async (flags, [name = '']) => (await import('./remove.ts')).removeSchedule(flags, name),
};

const test: CommandSpec<PlaceFlags & { readonly out?: string }> = {
  name: 'test',
  summary: 'runs a schedule once, now',
  examples: ['schedule test night'],
  grammar: (command) => withOutHere(byName(command)),
  run: async (flags, [name = '']) => (await import('./run-once.ts')).testSchedule(flags, name),
};

export const schedule: CommandSpec = {
  name: 'schedule',
  summary: 'jobs at certain times: add, list, remove, test',
  examples: [],
  commands: [add, list, test, remove],
};
