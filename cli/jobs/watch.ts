import { readReceipt } from '../../functions/core/close/read-job.ts';
import { executionArnOf } from '../../functions/core/execution-arn.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import { makeLiveView } from '../follow/live-view.ts';
import type { PlaceFlags, ViewFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { openTarget } from '../target/open-target.ts';
import { statusOf } from '../target/target.ts';
import { money } from '../words/amounts.ts';
import { answer } from '../words/answer.ts';
import { follow, toScreen } from './run-job.ts';

function endLine({ jobId, delivered, images, usd, failure }: Receipt): string {
  const why = failure ? ` ${failure.error}: ${failure.cause}` : '';
  return `Job ${jobId}: ${delivered} of ${images} images, ${money(usd)}.${why}`;
}

/** `watch JOB`: the live view of a job that somebody else started. Ctrl-C ends the view, not the job. */
export async function watch(flags: PlaceFlags & ViewFlags, jobId: string): Promise<number> {
  const target = await openTarget({ command: 'watch', ...flags }, jobId);
  const screen = toScreen(flags);
  const view = makeLiveView(screen);
  try {
    if ((await statusOf(target, jobId)) === undefined) {
      throw new PlainProblem(
        `Expected the name of an execution, found none of \`${jobId}\`. AWS keeps them for 90 days, a local run until it ends.`,
      );
    }
    const { end } = await follow(target, executionArnOf(target, jobId), jobId, view);
    view.close();
    // Asked for last: Clean up job closes a job after its execution.
    const receipt = await readReceipt(target.bucket, jobId);
    screen.stream.write(`${receipt ? endLine(receipt) : `Job ${jobId} ended ${end.status}.`}\n`);
    answer(flags.json, { jobId, status: end.status, receipt });
    return end.status === 'SUCCEEDED' ? 0 : 1;
  } finally {
    view.close();
    await target.close();
  }
}
