import { type Command, Option } from 'commander';
import type { DrillEvent } from '../../local/start.ts';
import { drillGrammar, parseDrill } from './drill-flag.ts';
import { type PlaceFlags, toOneOf, toWhole, type ViewFlags, withPlace, withView } from './flags.ts';
import { withJobFields } from './job-flags.ts';

/** How a workflow on this machine runs. */
export interface LocalRunFlags {
  /** 0: any free port. */
  readonly port?: number;
  readonly workers?: number;
  readonly prices?: 'synthetic' | 'live';
  /** A rehearsal: what is taken away, and when. */
  readonly drill?: readonly DrillEvent[];
}

/** Of a command that starts a job. */
export interface RunFlags extends PlaceFlags, ViewFlags, LocalRunFlags {
  readonly out?: string;
}

/** The fields of the job input are among them. */
export interface NewJobFlags extends RunFlags {
  readonly promptsFile?: string;
  /** A folder of lists for `__name__` in prompts. */
  readonly wildcards?: string;
}

const out = () => new Option('--out <dir>', 'where pictures and report go (default: out/JOB)');

export const withOut = (command: Command) => command.addOption(out());

/** Of a job that is started: one on AWS is left there, and `open` brings it. */
export const withOutHere = (command: Command) => command.addOption(out().conflicts('stack'));

export const withWildcards = (command: Command) =>
  command.option(
    '--wildcards <dir>',
    'lists for `__name__` in prompts (default: those of the bucket, else examples/wildcards)',
  );

const withMarket = (command: Command) =>
  command
    .optionsGroup('This machine alone:')
    .option('--port <number>', 'the local address, 0 for any free port', toWhole(0, 65_535))
    .option(
      '--prices <source>',
      '`synthetic` (default), or `live`: those of AWS, with your credentials',
      toOneOf(['synthetic', 'live']),
    );

export const withLocalRun = (command: Command) =>
  withMarket(command)
    .option('--workers <number>', 'how many render at once (default: 1)', toWhole(1, 65_535))
    .option('--drill <events>', 'a rehearsal: what Spot takes away, and when (see below)', parseDrill)
    .addHelpText('after', `Of --drill: ${drillGrammar}`);

const withPrompts = (command: Command) =>
  withWildcards(withJobFields(command.argument('[prompts...]', 'what to draw').optionsGroup('The job:')));

/** A job that is looked at and not rendered. */
export const withPlannedJob = (command: Command) =>
  withView(withPlace(withMarket(withPrompts(command)).optionsGroup('Options:')));

export const withNewJob = (command: Command) =>
  withOutHere(withView(withPlace(withLocalRun(withPrompts(command)).optionsGroup('Options:'))));
