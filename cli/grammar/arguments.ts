import type { Command } from 'commander';
import type { DrillEvent } from '../../local/start.ts';
import { parseDrill } from './drill-flag.ts';
import { toJobName, toWhole, withPlace } from './flags.ts';
import { type InputFlag, toFields, withJobFields } from './job-flags.ts';
import { UsageProblem } from './usage-problem.ts';

/** What a command that runs a job, or asks after one, was told. */
export interface Arguments {
  readonly command: string;
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

const standing = { input: {}, job: '', json: false, workers: 1, color: true, drill: [], yes: false } as const;

/** Flags of a workflow on this machine. */
export const withLocalRun = (command: Command) =>
  command
    .option('--port <number>', 'the local address, 0 for any free port', toWhole(0, 65_535))
    .option('--workers <number>', 'how many render at once on this machine', toWhole(1, 65_535), 1)
    .option('--prices <source>', '`synthetic` (default) or `live`: those of AWS, with your credentials', toPrices)
    .option('--drill <events>', 'a rehearsal: what Spot takes away, and when (see below)', parseDrill);

const toPrices = (text: string): Arguments['prices'] => {
  if (text === 'synthetic' || text === 'live') return text;
  throw new UsageProblem(`Expected \`--prices\` to be \`synthetic\` or \`live\`, got \`${text}\`.`);
};

export const withView = (command: Command) => command.option('--no-color', 'plain text');

/** All flags of a new job. */
export const withNewJob = (command: Command) =>
  withPlace(withView(withLocalRun(withJobFields(command.argument('[prompts...]', 'what to draw')))))
    .option('--wildcards <dir>', 'lists for `__name__` in prompts (default: examples/wildcards)')
    .option('--out <dir>', 'where pictures and report go (default: out/JOB)');

/** A command on one job, here or on AWS. */
export const withJob = (command: Command) => withPlace(command.argument('<job>', 'its name', toJobName));

/** What a resumed job may be told beside what the first was. */
export const limits: readonly InputFlag[] = [
  'maxUsd',
  'maxUsdPerHour',
  'onDemand',
  'sameGpu',
  'notify',
  'readyBy',
  'timeZone',
];

type Parsed = Partial<Omit<Arguments, 'command' | 'job' | 'input'>>;

function toPrompts(operands: readonly string[]): Readonly<Record<string, unknown>> {
  if (operands.length > 1) return { prompts: operands };
  return operands.length ? { prompt: operands[0] } : {};
}

/** Flags that would do nothing on AWS. */
function checkPlace({ stack, drill = [], port, prices, workers = 1, state }: Parsed): void {
  if (stack === undefined) return;
  const given = {
    drill: drill.length > 0,
    port: port !== undefined,
    prices: prices !== undefined,
    workers: workers > 1,
  };
  const flag = Object.entries({ ...given, state: state !== undefined }).find(([, isGiven]) => isGiven)?.[0];
  if (flag === undefined) return;
  const hint = flag === 'drill' ? ': there it is `drill JOB`' : '';
  throw new UsageProblem(`Expected \`--${flag}\` on this machine, got it with \`--stack\`${hint}.`);
}

/** What was parsed as the commands of jobs take it. `--drill` goes with this machine alone. */
export function toArguments(command: string, options: Parsed, operands: readonly string[], job = false): Arguments {
  checkPlace(options);
  const { promptsFile, ...input } = toFields(options);
  return {
    ...standing,
    prices: 'synthetic',
    ...options,
    promptsFile: typeof promptsFile === 'string' ? promptsFile : undefined,
    command,
    job: job ? (operands[0] ?? '') : '',
    input: { ...(job ? {} : toPrompts(operands)), ...input },
  };
}
