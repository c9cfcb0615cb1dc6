import { toInput } from '../grammar/job-flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import type { RunFlags } from '../grammar/run-flags.ts';
import { toResumedName } from '../target/job-names.ts';
import { statusOf, type Target } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import type { JobFiles } from './job-files.ts';
import { openJob } from './open-job.ts';
import { countLeft, writeRequeue } from './requeue.ts';
import { toResumedInput } from './resumed-input.ts';
import { showJob } from './run-job.ts';
import { startThere } from './start-there.ts';

/** The first name that no execution has: one that was refused before it wrote anything is known to AWS alone. */
async function findName(target: Target, { jobId, resumedBy }: JobFiles): Promise<string> {
  for (let number = resumedBy.length + 1; ; number++) {
    const name = toResumedName(jobId, number);
    if ((await statusOf(target, name)) === undefined) return name;
  }
}

/** A part has a share of its job's limits: what is left is that job's to say. */
const toParent = (jobId: string, partOf: string, { flags }: Target) =>
  `Job ${jobId} is a part of job ${partOf}. To fix: \`npm start -- resume ${partOf}${flags}\`.`;

/** `resume JOB`: a new job for what is missing, within the limits of the first. */
export async function resume(flags: RunFlags, name: string): Promise<number> {
  const { target, files } = await openJob({ command: 'resume', ...flags }, name);
  try {
    const { partOf } = files.job ?? {};
    if (partOf !== undefined) throw new PlainProblem(toParent(files.jobId, partOf, target));
    const left = countLeft(files);
    if (left === 0) {
      say(`Nothing to resume: no image of job ${files.jobId} is missing.`);
      answer(flags.json, { jobId: files.jobId, left });
      return 0;
    }
    const input = toResumedInput(files, toInput(flags), { bucket: target.bucket.name, now: Date.now() });
    await writeRequeue(target.bucket, files);
    const jobId = await findName(target, files);
    say(`Job ${jobId} goes on with ${left} of ${files.manifest.length} images of job ${files.jobId}.`);
    if (!files.job) say('The job is of an older version: its limits are not known. `--max-usd` sets one.');
    return target.kind === 'aws'
      ? await startThere(target, { jobId, input }, flags)
      : await showJob(target, { jobId, input }, flags);
  } finally {
    await target.close();
  }
}
