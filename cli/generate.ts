import type { Arguments } from './arguments.ts';
import { makeJobId, toJobInput } from './job-request.ts';
import { makeLiveView } from './live-view.ts';
import { showJob, toScreen } from './run-job.ts';
import { openTargetToRun } from './workflow.ts';

/** Renders a job on this machine and returns the exit code. */
export async function generate(args: Arguments): Promise<number> {
  const view = makeLiveView(toScreen(args));
  // In a rehearsal a person wants to see what is taken away, and when.
  const target = await openTargetToRun(args, (line) => line.includes(': drill, ') && view.note(line));
  try {
    const order = { jobId: makeJobId(new Date()), input: await toJobInput(args, target.bucket) };
    return await showJob(target, order, args, view);
  } finally {
    view.close();
    await target.close();
  }
}
