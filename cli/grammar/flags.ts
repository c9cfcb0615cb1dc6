import { type Command, InvalidArgumentError } from 'commander';

/** Where jobs are, for every command that asks after them. */
export interface PlaceFlags {
  /** On AWS: the CloudFormation stack; absent: this machine. */
  readonly stack?: string;
  /** Where the local bucket and the worker's weights are kept between runs. */
  readonly state?: string;
  readonly json?: boolean;
}

export const withJson = (command: Command) => command.option('--json', 'one JSON object on stdout; words go to stderr');

export const withState = (command: Command) =>
  command.option('--state <dir>', 'where this machine keeps bucket and weights (default: .spot-diffusion)');

export const withStack = (command: Command) =>
  command.option('--stack <name>', 'on AWS, with the credentials and region of the AWS SDK; without it: this machine');

export const withPlace = (command: Command) => withJson(withState(withStack(command)));

export const withYes = (command: Command) => command.option('--yes', 'do it; without it: say what would be done');

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
  (known: readonly string[]) =>
  (text: string): string => {
    if (known.includes(text)) return text;
    throw new InvalidArgumentError(`Expected one of ${known.join(', ')}.`);
  };
