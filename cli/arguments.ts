import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { DrillEvent } from '../local/start.ts';
import { parseDrill } from './drill-flag.ts';
import { UsageProblem } from './usage-problem.ts';

/** Fields of the job input as flags: `maxUsd` is `--max-usd`. Their values are checked by Validate prompts, not here. */
const kinds = {
  prompt: 'text',
  promptsFile: 'text',
  model: 'text',
  negativePrompt: 'text',
  seed: 'number',
  width: 'number',
  height: 'number',
  steps: 'number',
  guidance: 'number',
  scheduler: 'text',
  loras: 'loras',
  startImage: 'text',
  strength: 'number',
  safety: 'text',
  count: 'number',
  mode: 'text',
  maxUsd: 'number',
  maxUsdPerHour: 'number',
  readyBy: 'text',
  timeZone: 'text',
  onDemand: 'text',
  sameGpu: 'switch',
  notify: 'text',
} as const;

export type InputFlag = keyof typeof kinds;
export const inputFlags: readonly InputFlag[] = Object.keys(kinds).filter((name): name is InputFlag => name in kinds);

export const toFlag = (field: string) => field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** What is done to a job that is there: `resume JOB`. */
const jobCommands = ['resume', 'requeue', 'cancel', 'watch', 'drill'] as const;
type JobCommand = (typeof jobCommands)[number];

export type CommandName = 'generate' | 'plan' | 'serve' | 'help' | JobCommand;

export interface Arguments {
  readonly command: CommandName;
  /** The job that `resume`, `requeue`, `cancel`, `watch` and `drill` are about; empty for the other commands. */
  readonly job: string;
  /** The job input without `promptsFile`: that one may be a local path. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly promptsFile?: string;
  /** A folder of lists for `__name__` in prompts. */
  readonly wildcards?: string;
  readonly json: boolean;
  readonly out?: string;
  /** Where the local bucket and the worker's weights are kept between runs. */
  readonly state?: string;
  /** 0: any free port. */
  readonly port?: number;
  readonly workers: number;
  readonly prices: 'synthetic' | 'live';
  readonly color: boolean;
  /** A rehearsal: what is taken away, and when. */
  readonly drill: readonly DrillEvent[];
  /** On AWS: the CloudFormation stack; absent: this machine. */
  readonly stack?: string;
  /** Do it: what costs or takes something away only says what it would do. */
  readonly yes: boolean;
}

const commands: readonly CommandName[] = ['generate', 'plan', 'serve', 'help', ...jobCommands];
const isJobCommand = (command: CommandName): command is JobCommand => jobCommands.some((name) => name === command);
const isCommand = (word: string | undefined): word is CommandName => commands.some((command) => command === word);

const options: NonNullable<ParseArgsConfig['options']> = {
  ...Object.fromEntries(
    inputFlags.map((field) => [toFlag(field), { type: kinds[field] === 'switch' ? 'boolean' : 'string' }] as const),
  ),
  wildcards: { type: 'string' },
  json: { type: 'boolean' },
  out: { type: 'string' },
  state: { type: 'string' },
  port: { type: 'string' },
  workers: { type: 'string' },
  prices: { type: 'string' },
  'no-color': { type: 'boolean' },
  drill: { type: 'string' },
  stack: { type: 'string' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** A number where it is one: what is not goes on as a text and is refused with its path. */
const toNumber = (text: string): number | string =>
  text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;

/** `pixel-art:0.8,ink` */
const toLoras = (text: string) =>
  text.split(',').map((part) => {
    const [name, weight] = part.split(':');
    return weight === undefined ? { name } : { name, weight: toNumber(weight) };
  });

function toValue(field: InputFlag, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  switch (kinds[field]) {
    case 'number':
      return toNumber(value);
    case 'loras':
      return toLoras(value);
    default:
      return value;
  }
}

function toPrompts(positionals: readonly string[]): Readonly<Record<string, unknown>> {
  if (positionals.length > 1) return { prompts: positionals };
  return positionals.length ? { prompt: positionals[0] } : {};
}

function toWhole(flag: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= 65_535) return value;
  throw new UsageProblem(`Expected \`--${flag}\` to be a whole number from ${least} to 65535, got \`${text}\`.`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error));
  }
}

/** As an execution may be called. */
function toJob(command: CommandName, rest: readonly string[]): string {
  if (!isJobCommand(command)) return '';
  const [job = '', ...more] = rest;
  if (more.length === 0 && /^[\w-]{1,80}$/.test(job)) return job;
  throw new UsageProblem(
    `Expected \`${command} JOB\` with the name of one job, got \`${[command, ...rest].join(' ')}\`.`,
  );
}

const rehearsed: readonly CommandName[] = ['generate', 'serve', 'resume'];

/** A flag that would do nothing is refused. */
function checkFlags({ command, stack, drill, yes }: Pick<Arguments, 'command' | 'stack' | 'drill' | 'yes'>): void {
  const expect = (isRight: boolean, flag: string, where: string) => {
    if (!isRight) throw new UsageProblem(`Expected \`--${flag}\` with ${where} alone, got \`${command}\`.`);
  };
  if (command === 'help') return;
  expect(stack === undefined || isJobCommand(command), 'stack', '`resume`, `requeue`, `cancel`, `watch` or `drill`');
  expect(!drill.length || (rehearsed.includes(command) && !stack), 'drill', 'jobs and `serve` on this machine');
  expect(!yes || command === 'drill', 'yes', '`drill`');
}

function toPrices(text = 'synthetic'): Arguments['prices'] {
  if (text === 'synthetic' || text === 'live') return text;
  throw new UsageProblem(`Expected \`--prices\` to be \`synthetic\` or \`live\`, got \`${text}\`.`);
}

export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const text = (flag: string) => (typeof values[flag] === 'string' ? values[flag] : undefined);
  const [first, ...rest] = positionals;
  const fields = inputFlags.flatMap((field) => {
    const value = values[toFlag(field)];
    const isGiven = typeof value === 'string' || typeof value === 'boolean';
    return isGiven && field !== 'promptsFile' ? [[field, toValue(field, value)]] : [];
  });
  const command = values.help ? 'help' : isCommand(first) ? first : 'generate';
  const prompts = isJobCommand(command) ? {} : toPrompts(isCommand(first) ? rest : positionals);
  const parsed: Arguments = {
    command,
    job: toJob(command, rest),
    input: { ...prompts, ...Object.fromEntries(fields) },
    promptsFile: text('prompts-file'),
    wildcards: text('wildcards'),
    json: values.json === true,
    out: text('out'),
    state: text('state'),
    port: text('port') === undefined ? undefined : toWhole('port', text('port'), 0, 0),
    workers: toWhole('workers', text('workers'), 1, 1),
    prices: toPrices(text('prices')),
    color: values['no-color'] !== true,
    drill: parseDrill(text('drill') ?? ''),
    stack: text('stack'),
    yes: values.yes === true,
  };
  checkFlags(parsed);
  return parsed;
}
