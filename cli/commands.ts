import { renderedModelIds } from '../functions/core/models.ts';
import { costs } from './costs/spec.ts';
import { doctor } from './doctor/spec.ts';
import { limits, toArguments, withJob, withLocalRun, withNewJob, withView } from './grammar/arguments.ts';
import type { CommandSpec } from './grammar/command-spec.ts';
import { drillGrammar } from './grammar/drill-flag.ts';
import {
  type PlaceFlags,
  toJobName,
  toOneOf,
  toPositive,
  toWhole,
  withJson,
  withPlace,
  withState,
  withYes,
} from './grammar/flags.ts';
import { withJobFields } from './grammar/job-flags.ts';
import type { OpenFlags } from './jobs/open-report.ts';
import { models } from './models/spec.ts';
import type { PricesFlags } from './prices/prices.ts';
import { quota } from './quota/spec.ts';
import type { ReplayFlags } from './replay/replay.ts';
import { schedule } from './schedule/spec.ts';
import { teardown } from './teardown/spec.ts';

/* Grammar and texts of every command. What does the work is loaded when it is called: some of it takes a while to load. */

const generate: CommandSpec = {
  name: 'generate',
  summary: 'renders prompts, or the samples of examples/prompts.txt; the command where none is named',
  examples: [
    '"a red circle on a blue background"',
    '--prompts-file examples/prompts.txt --count 2',
    '--drill "kill@1" "a star"',
    '--stack spot-diffusion --max-usd 1 "a red circle on a blue background"',
  ],
  grammar: (command) => withNewJob(command).addHelpText('after', `\nOf --drill: ${drillGrammar}\n`),
  run: async (options, operands) =>
    (await import('./jobs/generate.ts')).generate(toArguments('generate', options, operands)),
};

const plan: CommandSpec = {
  name: 'plan',
  summary: 'ranks the pools and says what a job would cost; renders nothing',
  examples: [
    'plan "a small yellow star"',
    'plan --prompts-file examples/prompts.txt --json',
    'plan --stack spot-diffusion "a star"',
  ],
  grammar: withNewJob,
  run: async (options, operands) => {
    const args = toArguments('plan', options, operands);
    return (await import('./jobs/generate.ts')).generate({ ...args, input: { ...args.input, mode: 'plan' } });
  },
};

const serve: CommandSpec = {
  name: 'serve',
  summary: 'keeps the local endpoint up for any AWS client, until Ctrl-C',
  examples: ['serve', 'serve --port 0 --workers 2'],
  grammar: (command) => withJson(withState(withLocalRun(command))),
  run: async (options, operands) => (await import('./jobs/serve.ts')).serve(toArguments('serve', options, operands)),
};

const resume: CommandSpec = {
  name: 'resume',
  summary: 'a new job for what is missing of one, within the limits of the first',
  examples: ['resume JOB', 'resume JOB --max-usd 2'],
  grammar: (command) =>
    withJobFields(withView(withLocalRun(withJob(command))), limits).option(
      '--out <dir>',
      'where pictures and report go',
    ),
  run: async (options, operands) =>
    (await import('./jobs/resume.ts')).resume(toArguments('resume', options, operands, true)),
};

const requeue: CommandSpec = {
  name: 'requeue',
  summary: 'writes and prints the prompts of what is missing',
  examples: ['requeue JOB', 'requeue JOB --json'],
  grammar: withJob,
  run: async (options, operands) =>
    (await import('./jobs/requeue.ts')).requeue(toArguments('requeue', options, operands, true)),
};

const cancel: CommandSpec = {
  name: 'cancel',
  summary: 'stops a job; what is finished stays',
  examples: ['cancel JOB', 'cancel JOB --json'],
  grammar: withJob,
  run: async (options, operands) =>
    (await import('./jobs/cancel.ts')).cancel(toArguments('cancel', options, operands, true)),
};

const watch: CommandSpec = {
  name: 'watch',
  summary: 'shows how a job goes until its end, whoever started it',
  examples: ['watch JOB', 'watch JOB --no-color'],
  grammar: (command) => withView(withJob(command)),
  run: async (options, operands) =>
    (await import('./jobs/watch.ts')).watch(toArguments('watch', options, operands, true)),
};

const drill: CommandSpec = {
  name: 'drill',
  summary: 'on AWS: EC2 takes one of the Spot instances of the job back, by FIS ($0.10 an action-minute)',
  examples: ['drill JOB --stack spot-diffusion', 'drill JOB --stack spot-diffusion --yes'],
  grammar: (command) => withYes(withJob(command)),
  run: async (options, operands) =>
    (await import('./jobs/drill.ts')).drill(toArguments('drill', options, operands, true)),
};

const status: CommandSpec<PlaceFlags> = {
  name: 'status',
  summary: 'how far jobs are, what they spent, and why they wait',
  examples: ['status', 'status JOB --json', 'status --stack spot-diffusion'],
  grammar: (command) => withPlace(command.argument('[job]', 'one of them, with its attempts', toJobName)),
  run: async (options, [jobId]) => (await import('./status/status.ts')).status(options, jobId),
};

const open: CommandSpec<OpenFlags> = {
  name: 'open',
  summary: 'brings a job here and shows its report in the browser',
  examples: ['open JOB', 'open JOB --no-browser --json'],
  grammar: (command) =>
    withJob(command)
      .option('--out <dir>', 'where pictures and report go (default: out/JOB)')
      .option('--no-browser', 'only bring it here'),
  run: async (options, [jobId = '']) => (await import('./jobs/open-report.ts')).openReport(options, jobId),
};

const prices: CommandSpec<PricesFlags> = {
  name: 'prices',
  summary: 'Spot prices of the last days per pool and image, as a table and a chart',
  examples: ['prices', 'prices --days 7 --model sdxl --json'],
  grammar: (command) =>
    withJson(command)
      .option('--days <number>', 'how far to look back', toWhole(1, 90), 7)
      .option('--model <id>', 'whose images are counted', toOneOf(renderedModelIds), 'sdxl')
      .option('--count <number>', 'images of the job', toWhole(1, 100_000), 500)
      .option('--prices <source>', '`synthetic`, or `live`: those of AWS', toOneOf(['synthetic', 'live']), 'synthetic')
      .option('--out <dir>', 'where prices.svg goes', 'out'),
  run: async (options) => (await import('./prices/prices.ts')).pricesCommand(options),
};

const replay: CommandSpec<ReplayFlags> = {
  name: 'replay',
  summary: 'jobs with a deadline on a Spot market: our picking beside other policies',
  examples: ['replay --starts 5', 'replay --hours 6 --deadline 9 --starts 5 --json'],
  grammar: (command) =>
    withJson(command)
      .option('--hours <number>', 'of work', toPositive, 6)
      .option('--deadline <number>', 'hours until it is due', toPositive, 9)
      .option('--changeover-minutes <number>', 'that a start costs', toPositive, 6)
      .option('--starts <number>', 'jobs, at times of their own', toPositive, 100)
      .option('--seed <number>', 'of the synthetic market and the starts', toPositive, 3)
      .option('--availability <dir>', 'recorded availability, <zone>_….json')
      .option('--prices <file>', 'recorded prices, .csv or .csv.gz')
      .option('--instance-type <name>', 'whose prices count', 'g6.xlarge'),
  run: async (options) => (await import('./replay/replay.ts')).replayCommand(options),
};

/** By the heading under which the help lists them. */
export const commandGroups: Readonly<Record<string, readonly CommandSpec[]>> = {
  'Render:': [generate, plan, serve],
  'Jobs:': [status, watch, open, cancel, resume, requeue, drill],
  'At night:': [schedule],
  'Money:': [costs],
  'Set up:': [doctor, quota, models, teardown],
  'Market:': [prices, replay],
};
