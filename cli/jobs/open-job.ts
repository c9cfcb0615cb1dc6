import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { familyOf } from '../target/job-names.ts';
import type { LocalPlace } from '../target/local-target.ts';
import { openTarget } from '../target/open-target.ts';
import { statusOf, type Target } from '../target/target.ts';
import { type JobFiles, readJobFiles } from './job-files.ts';

/** Why nothing can be resumed or requeued; undefined where it can. */
async function findObstacle(target: Target, name: string, files: JobFiles | undefined): Promise<string | undefined> {
  for (const jobId of files ? [files.jobId, ...files.resumedBy] : familyOf(name)) {
    if ((await statusOf(target, jobId)) === 'RUNNING') {
      return `Job ${jobId} still runs. To fix: wait for its end, or \`npm start -- cancel ${jobId}${target.flags}\`.`;
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
export async function openJob(place: LocalPlace & PlaceFlags, jobId: string): Promise<OpenJob> {
  const target = await openTarget(place, jobId);
  try {
    const files = await readJobFiles(target.bucket, jobId);
    const obstacle = await findObstacle(target, jobId, files);
    if (obstacle !== undefined || !files) throw new PlainProblem(obstacle);
    return { target, files };
  } catch (error) {
    await target.close();
    throw error;
  }
}
