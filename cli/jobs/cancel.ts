import { setTimeout as sleep } from 'node:timers/promises';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { executionArnOf } from '../../functions/core/execution-arn.ts';
import { readReceipt } from '../../functions/core/read-job.ts';
import type { Receipt } from '../../functions/core/receipt.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { openTarget } from '../target/open-target.ts';
import { JobProblem, statusOf, type Target } from '../target/target.ts';
import { say } from '../words/say.ts';
import { readJobFiles } from './job-files.ts';

const cause = 'Stopped by `npm start -- cancel`.';

/** Clean up job closes it some moments later; where that takes long, it closes it all the same. */
async function awaitReceipt({ bucket }: Target, jobId: string): Promise<Receipt | undefined> {
  for (let looks = 60; looks > 0; looks--) {
    const receipt = await readReceipt(bucket, jobId);
    if (receipt) return receipt;
    await sleep(250);
  }
  return undefined;
}

async function stop(target: Target, jobId: string): Promise<string> {
  const executionArn = executionArnOf(target, jobId);
  await target.executions.send(new StopExecutionCommand({ executionArn, error: 'JobCanceled', cause }));
  // Whoever asks makes the local engine tell Clean up job; on AWS an event does.
  while ((await statusOf(target, jobId)) === 'RUNNING') await sleep(100);
  const receipt = await awaitReceipt(target, jobId);
  const done = receipt
    ? `${receipt.delivered} of ${receipt.images} images are there and stay`
    : 'What is finished stays';
  return `Stopped job ${jobId}. ${done}; \`npm start -- resume ${jobId}\` renders the rest.`;
}

/** Nothing to stop: an answer, or a job that nobody knows. */
async function explain(target: Target, jobId: string, status: string | undefined): Promise<string> {
  const files = await readJobFiles(target.bucket, jobId);
  if (status === undefined && !files) {
    throw new JobProblem(
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
    if (flags.json) process.stdout.write(`${JSON.stringify({ jobId, stopped: isRunning })}\n`);
    return 0;
  } finally {
    await target.close();
  }
}
