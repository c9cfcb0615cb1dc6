import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageProblem } from './usage-problem.ts';

/** Where jobs are, for every command that asks after them. */
export interface PlaceFlags {
  /** On AWS: the CloudFormation stack; absent: this machine. */
  readonly stack?: string;
  /** Where the local bucket and the worker's weights are kept between runs. */
  readonly state?: string;
  readonly json?: boolean;
}

/** How a job is shown. */
export interface ViewFlags {
  readonly json?: boolean;
  /** False: plain text. */
  readonly color?: boolean;
}

/** Flags that would do nothing on AWS. */
const ofThisMachine = ['state', 'port', 'workers', 'prices', 'drill'];
const onAws = 'on AWS, with the credentials and region of the AWS SDK; without it: this machine';

/** @throws UsageProblem where a flag was given that does nothing on this machine */
export function checkOnAws(flag: string, isGiven: boolean, { stack }: PlaceFlags): void {
  if (isGiven && stack === undefined) throw new UsageProblem(`Expected \`--stack\` beside \`${flag}\`, got none.`);
}

export const withJson = (command: Command) => command.option('--json', 'one JSON object on stdout; words go to stderr');

export const withState = (command: Command) =>
  command.option('--state <dir>', 'where this machine keeps bucket and weights (default: .spot-diffusion)');

export const withPlace = (command: Command) =>
  withJson(withState(command)).addOption(new Option('--stack <name>', onAws).conflicts(ofThisMachine));

export const withYes = (command: Command) => command.option('--yes', 'do it; without it: say what would be done');

export const withView = (command: Command) => command.option('--no-color', 'plain text');

export const withJobName = (command: Command) => command.argument('<job>', 'its name', toJobName);

/** A command on one job, here or on AWS. */
export const withJob = (command: Command) => withPlace(withJobName(command));

/** As an execution may be called. */
export function toJobName(text: string): string {
  if (/^[\w-]{1,80}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the name of a job: letters, digits, `-` and `_`.');
}

export const toWhole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };

export function toPositive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

export const toOneOf =
  <Word extends string>(known: readonly Word[]) =>
  (text: string): Word => {
    const word = known.find((one) => one === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`Expected one of ${known.join(', ')}.`);
  };
