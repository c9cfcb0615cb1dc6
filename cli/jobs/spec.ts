import type { CommandSpec } from '../grammar/command-spec.ts';
import {
  type PlaceFlags,
  type ViewFlags,
  withJob,
  withJobName,
  withJson,
  withState,
  withView,
  withYes,
} from '../grammar/flags.ts';
import { limits, withJobFields } from '../grammar/job-flags.ts';
import {
  type LocalRunFlags,
  type NewJobFlags,
  type RunFlags,
  withLocalRun,
  withNewJob,
  withOut,
  withOutHere,
  withPlannedJob,
} from '../grammar/run-flags.ts';
import type { DrillFlags } from './drill.ts';
import type { OpenFlags } from './open-report.ts';

export const renderCommands: readonly CommandSpec[] = [
  {
    name: 'generate',
    summary: 'renders prompts, or the samples of examples/prompts.txt; the command where none is named',
    examples: [
      '"a red circle on a blue background"',
      '--prompts-file examples/prompts.txt --count 2',
      '--drill "kill@1" "a star"',
      '--stack spot-diffusion --max-usd 1 "a red circle on a blue background"',
    ],
    grammar: withNewJob,
    run: async (flags: NewJobFlags, prompts) => (await import('./generate.ts')).generate(flags, prompts),
  },
  {
    name: 'plan',
    summary: 'ranks the pools and says what a job would cost; renders nothing',
    examples: [
      'plan "a small yellow star"',
      'plan --prompts-file examples/prompts.txt --json',
      'plan --stack spot-diffusion "a star"',
    ],
    grammar: withPlannedJob,
    run: async (flags: NewJobFlags, prompts) => (await import('./generate.ts')).plan(flags, prompts),
  },
  {
    name: 'serve',
    summary: 'keeps the local endpoint up for any AWS client, until Ctrl-C',
    examples: ['serve', 'serve --port 0 --workers 2'],
    grammar: (command) => withJson(withState(withLocalRun(command).optionsGroup('Options:'))),
    run: async (flags: PlaceFlags & LocalRunFlags) => (await import('./serve.ts')).serve(flags),
  },
];

/** The commands on one job; `status`, which may be asked of all, has a folder of its own. */
export const jobCommands: readonly CommandSpec[] = [
  {
    name: 'watch',
    summary: 'shows how a job goes until its end, whoever started it',
    examples: ['watch JOB', 'watch JOB --no-color'],
    grammar: (command) => withView(withJob(command)),
    run: async (flags: PlaceFlags & ViewFlags, [jobId = '']) => (await import('./watch.ts')).watch(flags, jobId),
  },
  {
    name: 'open',
    summary: 'brings a job here and shows its report in the browser',
    examples: ['open JOB', 'open JOB --no-browser --json'],
    grammar: (command) => withOut(withJob(command)).option('--no-browser', 'only bring it here'),
    run: async (flags: OpenFlags, [jobId = '']) => (await import('./open-report.ts')).openReport(flags, jobId),
  },
  {
    name: 'cancel',
    summary: 'stops a job; what is finished stays',
    examples: ['cancel JOB', 'cancel JOB --json'],
    grammar: withJob,
    run: async (flags: PlaceFlags, [jobId = '']) => (await import('./cancel.ts')).cancel(flags, jobId),
  },
  {
    name: 'resume',
    summary: 'a new job for what is missing of one, within the limits of the first',
    examples: ['resume JOB', 'resume JOB --max-usd 2'],
    grammar: (command) =>
      withOutHere(
        withView(
          withJob(withLocalRun(withJobFields(command.optionsGroup('The job:'), limits)).optionsGroup('Options:')),
        ),
      ),
    run: async (flags: RunFlags, [jobId = '']) => (await import('./resume.ts')).resume(flags, jobId),
  },
  {
    name: 'requeue',
    summary: 'writes and prints the prompts of what is missing',
    examples: ['requeue JOB', 'requeue JOB --json'],
    grammar: withJob,
    run: async (flags: PlaceFlags, [jobId = '']) => (await import('./requeue.ts')).requeue(flags, jobId),
  },
  {
    name: 'drill',
    summary: 'on AWS: EC2 takes one of the Spot instances of the job back, by FIS ($0.10 an action-minute)',
    examples: ['drill JOB --stack spot-diffusion', 'drill JOB --stack spot-diffusion --yes'],
    grammar: (command) =>
      withYes(withJson(withJobName(command).option('--stack <name>', 'where it runs', 'spot-diffusion'))),
    run: async (flags: DrillFlags, [jobId = '']) => (await import('./drill.ts')).drill(flags, jobId),
  },
];
