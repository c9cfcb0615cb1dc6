import { mkdir } from 'node:fs/promises';
import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { followExecution } from '../follow/follow-execution.ts';
import { JobProgress } from '../follow/job-progress.ts';
import { type LiveView, makeLiveView, type Screen } from '../follow/live-view.ts';
import type { Moment, PlanView } from '../follow/moments.ts';
import type { ViewFlags } from '../grammar/flags.ts';
import type { Target } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { deliver } from './deliver.ts';
import { isDelivered, type JobResult, resultLines, toJson } from './result.ts';

/** What StartExecution is told. */
export interface Order {
  readonly jobId: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Followed {
  readonly end: Extract<Moment, { kind: 'ended' }>;
  readonly plan?: PlanView;
}

/** Follows the execution to its end; the bars show what is in the bucket. */
export async function follow(target: Target, executionArn: string, jobId: string, view: LiveView): Promise<Followed> {
  const progress = new JobProgress(target.bucket, jobId);
  let plan: PlanView | undefined;
  const look = async () => {
    const shards = await progress.look();
    const { done, total } = progress.images;
    if (total && (shards.length || done)) view.progress(done, total, shards);
  };
  for await (const moment of followExecution(target, executionArn, look)) {
    view.show(moment);
    await progress.note(moment);
    if (moment.kind === 'planned') plan = moment.plan;
    // The shard is over: whatever exists by now belongs on the bar.
    if (moment.kind === 'settled') await look();
    if (moment.kind === 'ended') return { end: moment, plan };
  }
  throw new Error(`Expected the execution of ${jobId} to end, but its history stopped`);
}

/** Ctrl-C stops the execution, as StopExecution does on AWS: what is finished stays. */
function stopOnInterrupt(target: Target, executionArn: string, view: LiveView): () => void {
  let asked = false;
  const stop = () => {
    if (asked) return;
    asked = true;
    view.note('Stopping. Finished images stay: the same command goes on from there.');
    const command = new StopExecutionCommand({ executionArn, error: 'JobCanceled', cause: 'Stopped by Ctrl-C.' });
    target.executions.send(command).catch(() => process.exit(130));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
}

async function runJob(target: Target, { jobId, input }: Order, out: string, view: LiveView): Promise<JobResult> {
  const { stateMachineArn } = target;
  const { executionArn = '' } = await target.executions.send(
    new StartExecutionCommand({ stateMachineArn, name: jobId, input: JSON.stringify(input) }),
  );
  const release = stopOnInterrupt(target, executionArn, view);
  const { end, plan } = await follow(target, executionArn, jobId, view);
  release();
  // Whoever asks for a bad end makes the local engine tell Clean up job of it; on AWS an event does.
  await target.executions.send(new DescribeExecutionCommand({ executionArn }));
  const delivery = await deliver(target.bucket, jobId, { outDir: out, looks: end.status === 'SUCCEEDED' ? 1 : 40 });
  const failure =
    end.status === 'ABORTED'
      ? { error: 'JobCanceled', cause: 'The execution was stopped.' }
      : { error: end.error, cause: end.cause };
  return { jobId, status: end.status, ...failure, delivery, plan };
}

/** stdout belongs to `--json`. */
export function toScreen({ json, color = true }: ViewFlags): Screen {
  const stream = json ? process.stderr : process.stdout;
  return { stream, color: color && stream.isTTY === true };
}

/** Starts a job, shows how it goes and what came of it; the exit code. */
export async function showJob(
  target: Target,
  order: Order,
  flags: ViewFlags & { readonly out?: string },
  view = makeLiveView(toScreen(flags)),
): Promise<number> {
  const { stream, color } = toScreen(flags);
  const { out = `out/${order.jobId}`, json } = flags;
  try {
    // A path that can't be written is told before anything is rendered.
    if (flags.out !== undefined) await mkdir(flags.out, { recursive: true });
    const result = await runJob(target, order, out, view);
    view.close();
    for (const line of resultLines(result, color, target.flags)) stream.write(`${line}\n`);
    answer(json, toJson(result));
    if (result.status === 'ABORTED') return 130;
    return isDelivered(result) ? 0 : 1;
  } finally {
    view.close();
  }
}
