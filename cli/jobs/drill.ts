import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { isPartOf } from '../../functions/core/input/parts.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { openAwsTarget } from '../target/aws-target.ts';
import { listRunning } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';

export interface DrillFlags {
  readonly stack: string;
  readonly json?: boolean;
  readonly yes?: boolean;
}

const startedSchema = z.object({ experiment: z.object({ id: z.string() }) });

/** FIS takes any worker of the stack, an experiment can't name one: so the job must be the only one, whole or by its part. */
export function checkAlone(job: string, running: readonly string[]): void {
  if (!running.includes(job)) {
    throw new PlainProblem(`Expected job ${job} to run, it does not. Running: ${running.join(', ') || 'none'}.`);
  }
  const isSame = (name: string) => name === job || isPartOf(job, name) || isPartOf(name, job);
  const others = running.filter((name) => !isSame(name));
  if (others.length === 0) return;
  throw new PlainProblem(
    `Expected ${job} to be the only job that runs: the drill takes an instance of any. Running too: ${others.join(', ')}. To fix: wait for their end.`,
  );
}

/** By the AWS CLI: one call is no reason for an SDK client of its own. */
async function startExperiment(template: string, job: string, region: string): Promise<string> {
  const args = ['fis', 'start-experiment', '--region', region, '--output', 'json'];
  const what = ['--experiment-template-id', template, '--tags', `Name=spot-diffusion-drill,job=${job}`];
  try {
    const { stdout } = await promisify(execFile)('aws', [...args, ...what]);
    return startedSchema.parse(JSON.parse(stdout)).experiment.id;
  } catch (error) {
    const said = String(Reflect.get(Object(error), 'stderr') || error).trim();
    throw new PlainProblem(`Expected \`aws ${[...args, ...what].join(' ')}\` to start the drill, it said: ${said}`);
  }
}

/** `drill JOB` on AWS: EC2 announces that it takes one of the job's Spot instances back, and does. */
export async function drill({ stack, json, yes }: DrillFlags, jobId: string): Promise<number> {
  const target = await openAwsTarget(stack);
  const template = target.output('InterruptTemplateId');
  checkAlone(jobId, await listRunning(target));
  say(
    `The drill takes one running Spot instance of job ${jobId}: EC2 announces it, two minutes later the instance is gone.`,
  );
  say('The job goes on in another pool and renders no finished image again. AWS bills FIS $0.10 per action-minute.');
  if (!yes) {
    answer(json, { jobId, experiment: null });
    say(`Nothing was done: FIS experiment template ${template} is started by the same command with \`--yes\`.`);
    return 2;
  }
  const experiment = await startExperiment(template, jobId, await target.executions.config.region());
  answer(json, { jobId, experiment });
  say(`Started experiment ${experiment}: \`aws fis get-experiment --id ${experiment}\`.`);
  return 0;
}
