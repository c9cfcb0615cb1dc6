import { makeLiveView } from '../follow/live-view.ts';
import type { Arguments } from '../grammar/arguments.ts';
import type { Target } from '../target/target.ts';
import { openTargetToRun } from '../target/workflow.ts';
import { makeJobId, toJobInput } from './job-request.ts';
import { openTarget } from './open-job.ts';
import { showJob, toScreen } from './run-job.ts';
import { startThere } from './start-there.ts';

const toOrder = async (args: Arguments, { bucket }: Target) => ({
  jobId: makeJobId(new Date()),
  input: await toJobInput(args, bucket),
});

/** A plan is there in seconds and waited for; a job is started and left. */
async function generateThere(args: Arguments): Promise<number> {
  const target = await openTarget(args);
  const order = await toOrder(args, target);
  return order.input.mode === 'plan' ? showJob(target, order, args) : startThere(target, order, args);
}

/** Renders a job, on this machine to its end, and returns the exit code. */
export async function generate(args: Arguments): Promise<number> {
  if (args.stack !== undefined) return generateThere(args);
  const view = makeLiveView(toScreen(args));
  // In a rehearsal a person wants to see what is taken away, and when.
  const target = await openTargetToRun(args, (line) => line.includes(': drill, ') && view.note(line));
  try {
    return await showJob(target, await toOrder(args, target), args, view);
  } finally {
    view.close();
    await target.close();
  }
}
