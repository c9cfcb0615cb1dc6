import { type Arguments, toArguments } from '../grammar/arguments.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { JobProblem, statusOf, type Target } from '../target/target.ts';
import { findServed, hasBucket, openLocalTarget, toStateDir } from '../target/workflow.ts';
import { familyOf, type JobFiles, readJobFiles } from './job-files.ts';

/** AWS where a stack is named, else this machine. */
export async function openTarget(args: Arguments): Promise<Target> {
  if (args.stack === undefined) {
    if (!hasBucket(args)) throw new JobProblem(`Expected a job, nothing was rendered in ${toStateDir(args)} yet.`);
    return openLocalTarget(args, familyOf(args.job));
  }
  // Its client takes time to load, and a local run needs none.
  const { openAwsTarget } = await import('../target/aws-target.ts');
  return openAwsTarget(args.stack);
}

/** The same for a command with no more flags than where jobs are. */
export const openPlace = (command: string, place: PlaceFlags, jobId = ''): Promise<Target> =>
  openTarget(toArguments(command, place, [jobId], true));

/** What is kept by the endpoint alone is gone with it: on this machine it must be served. */
export async function openServed(command: string, place: PlaceFlags): Promise<Target> {
  if (place.stack !== undefined) return openPlace(command, place);
  const served = await findServed(toArguments(command, place, []));
  if (served) return served;
  throw new JobProblem(
    `Expected \`npm start -- serve\` to run: on this machine it keeps the schedules. To fix: start it in another terminal, or name the stack on AWS, \`--stack spot-diffusion\`.`,
  );
}

/** Why nothing can be resumed or requeued; undefined where it can. */
async function findObstacle(target: Target, name: string, files: JobFiles | undefined): Promise<string | undefined> {
  for (const jobId of files ? [files.jobId, ...files.resumedBy] : familyOf(name)) {
    if ((await statusOf(target, jobId)) === 'RUNNING') {
      return `Job ${jobId} still runs. To fix: wait for its end, or \`npm start -- cancel ${jobId}\`.`;
    }
  }
  if (!files) return `Expected the name of a job, found nothing of \`${name}\` in s3://${target.bucket.name}/jobs/.`;
  const { jobId, manifest, job, receipt } = files;
  if (job?.mode === 'plan')
    return `Job ${jobId} was a plan: it was to render nothing. To fix: start it without \`mode: plan\`.`;
  if (manifest.length) return undefined;
  const { error, cause } = receipt?.failure ?? {};
  const why = error ? ` (${error}: ${cause})` : '';
  return `Job ${jobId} was refused before it had images${why}. To fix: start a new job with what it says put right.`;
}

export interface OpenJob {
  readonly target: Target;
  readonly files: JobFiles;
}

/** The job's files, once nobody works on it any more. */
export async function openJob(args: Arguments): Promise<OpenJob> {
  const target = await openTarget(args);
  try {
    const files = await readJobFiles(target.bucket, args.job);
    const obstacle = await findObstacle(target, args.job, files);
    if (obstacle !== undefined || !files) throw new JobProblem(obstacle);
    return { target, files };
  } catch (error) {
    await target.close();
    throw error;
  }
}
