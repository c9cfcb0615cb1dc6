import { setTimeout as sleep } from 'node:timers/promises';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { executionArnOf } from '../../functions/core/execution-arn.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { awaitReceipt } from '../target/await-receipt.ts';
import { openTarget } from '../target/open-target.ts';
import { statusOf, type Target } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import { readJobFiles } from './job-files.ts';

const cause = 'Stopped by `npm start -- cancel`.';

/** So many looks, four a second: where closing takes longer, Clean up job does it all the same. */
const looks = 60;

async function stop(target: Target, jobId: string): Promise<string> {
  const executionArn = executionArnOf(target, jobId);
  await target.executions.send(new StopExecutionCommand({ executionArn, error: 'JobCanceled', cause }));
  // Whoever asks makes the local engine tell Clean up job; on AWS an event does.
  while ((await statusOf(target, jobId)) === 'RUNNING') await sleep(100);
  const receipt = await awaitReceipt(target.bucket, jobId, looks);
  const done = receipt
    ? `${receipt.delivered} of ${receipt.images} images are there and stay`
    : 'What is finished stays';
  return `Stopped job ${jobId}. ${done}; \`npm start -- resume ${jobId}${target.flags}\` renders the rest.`;
}

/** Nothing to stop: an answer, or a job that nobody knows. */
async function explain(target: Target, jobId: string, status: string | undefined): Promise<string> {
  const files = await readJobFiles(target.bucket, jobId);
  if (status === undefined && !files) {
    throw new PlainProblem(
      `Expected the name of a job, found nothing of \`${jobId}\` in s3://${target.bucket.name}/jobs/.`,
    );
  }
  const end = status ? ` It ended ${status}.` : '';
  return `Nothing to stop: job ${jobId} does not run.${end}`;
}

/** `cancel JOB`: stops its execution. Batch jobs are ended, reservations freed; what is finished stays. */
export async function cancel(flags: PlaceFlags, jobId: string): Promise<number> {
  const target = await openTarget({ command: 'cancel', ...flags }, jobId);
  try {
    const status = await statusOf(target, jobId);
    const isRunning = status === 'RUNNING';
    say(isRunning ? await stop(target, jobId) : await explain(target, jobId, status));
    answer(flags.json, { jobId, stopped: isRunning });
    return 0;
  } finally {
    await target.close();
  }
}
