import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { makeLiveView } from '../follow/live-view.ts';
import type { NewJobFlags } from '../grammar/run-flags.ts';
import { openTargetToRun } from '../target/local-target.ts';
import { openTarget } from '../target/open-target.ts';
import { makeJobId, toJobInput } from './job-request.ts';
import { type Order, showJob, toScreen } from './run-job.ts';
import { startThere } from './start-there.ts';

type ToOrder = (bucket: Bucket) => Promise<Order>;

const orderOf =
  (flags: NewJobFlags, prompts: readonly string[], more: object = {}): ToOrder =>
  async (bucket) => ({
    jobId: makeJobId(new Date()),
    input: { ...(await toJobInput(flags, prompts, bucket)), ...more },
  });

async function runHere(command: string, flags: NewJobFlags, toOrder: ToOrder): Promise<number> {
  const view = makeLiveView(toScreen(flags));
  // In a rehearsal a person wants to see what is taken away, and when.
  const target = await openTargetToRun({ command, ...flags }, (line) => line.includes(': drill, ') && view.note(line));
  try {
    return await showJob(target, await toOrder(target.bucket), flags, view);
  } finally {
    view.close();
    await target.close();
  }
}

/** Renders a job, on this machine to its end; on AWS it is started and left. */
export async function generate(flags: NewJobFlags, prompts: readonly string[]): Promise<number> {
  const toOrder = orderOf(flags, prompts);
  if (flags.stack === undefined) return runHere('generate', flags, toOrder);
  const target = await openTarget({ command: 'generate', ...flags });
  return startThere(target, await toOrder(target.bucket), flags);
}

/** A plan is there in seconds: it is waited for, on AWS too. */
export async function plan(flags: NewJobFlags, prompts: readonly string[]): Promise<number> {
  const toOrder = orderOf(flags, prompts, { mode: 'plan' });
  if (flags.stack === undefined) return runHere('plan', flags, toOrder);
  const target = await openTarget({ command: 'plan', ...flags });
  return showJob(target, await toOrder(target.bucket), flags);
}
