import { executionArnOf } from '../../functions/core/execution-arn.ts';
import { readReceipt } from '../../functions/core/read-job.ts';
import type { Receipt } from '../../functions/core/receipt.ts';
import { makeLiveView } from '../follow/live-view.ts';
import type { Arguments } from '../grammar/arguments.ts';
import { JobProblem, statusOf } from '../target/target.ts';
import { money } from '../words/tables.ts';
import { openTarget } from './open-job.ts';
import { follow, toScreen } from './run-job.ts';

function endLine({ jobId, delivered, images, usd, failure }: Receipt): string {
  const why = failure ? ` ${failure.error}: ${failure.cause}` : '';
  return `Job ${jobId}: ${delivered} of ${images} images, ${money(usd)}.${why}`;
}

/** `watch JOB`: the live view of a job that somebody else started. Ctrl-C ends the view, not the job. */
export async function watch(args: Arguments): Promise<number> {
  const target = await openTarget(args);
  const screen = toScreen(args);
  const view = makeLiveView(screen);
  try {
    if ((await statusOf(target, args.job)) === undefined) {
      throw new JobProblem(
        `Expected the name of an execution, found none of \`${args.job}\`. AWS keeps them for 90 days, a local run until it ends.`,
      );
    }
    const { end } = await follow(target, executionArnOf(target, args.job), args.job, view);
    view.close();
    // Asked for last: Clean up job closes a job after its execution.
    const receipt = await readReceipt(target.bucket, args.job);
    screen.stream.write(`${receipt ? endLine(receipt) : `Job ${args.job} ended ${end.status}.`}\n`);
    if (args.json) process.stdout.write(`${JSON.stringify({ jobId: args.job, status: end.status, receipt })}\n`);
    return end.status === 'SUCCEEDED' ? 0 : 1;
  } finally {
    view.close();
    await target.close();
  }
}
