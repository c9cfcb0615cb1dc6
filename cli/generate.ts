import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Arguments } from './arguments.ts';
import { deliver } from './deliver.ts';
import { followExecution } from './follow-execution.ts';
import { ImageProgress } from './image-progress.ts';
import { makeJobId, toJobInput } from './job-request.ts';
import { type LiveView, makeLiveView } from './live-view.ts';
import type { Moment, PlanView } from './moments.ts';
import { isDelivered, type JobResult, resultLines, toJson } from './result.ts';
import { openWorkflow, type Workflow } from './workflow.ts';

interface Followed {
  readonly end: Extract<Moment, { kind: 'ended' }>;
  readonly plan?: PlanView;
}

/** Follows the execution to its end; the bar shows what is in the bucket. */
async function follow(workflow: Workflow, executionArn: string, jobId: string, view: LiveView): Promise<Followed> {
  const images = new ImageProgress(workflow.bucket, jobId);
  let rendering = false;
  let plan: PlanView | undefined;
  const look = async (lookAhead: number) => {
    const seen = await images.look(lookAhead);
    if (seen) view.progress(seen.done, seen.total);
  };
  const moments = followExecution(workflow.executions, executionArn, async () => {
    if (rendering) await look(16);
  });
  for await (const moment of moments) {
    view.show(moment);
    if (moment.kind === 'planned') plan = moment.plan;
    if (moment.kind === 'picked') rendering = true;
    // The shard is over: whatever exists by now belongs on the bar.
    if (moment.kind === 'settled') await look(1000);
    if (moment.kind === 'ended') return { end: moment, plan };
  }
  throw new Error(`Expected the execution of ${jobId} to end, but its history stopped`);
}

/** Ctrl-C stops the execution, as StopExecution does on AWS: what is finished stays. */
function stopOnInterrupt(workflow: Workflow, executionArn: string, view: LiveView): () => void {
  let asked = false;
  const stop = () => {
    if (asked) return;
    asked = true;
    view.note('Stopping. Finished images stay: the same command goes on from there.');
    const command = new StopExecutionCommand({ executionArn, error: 'JobCanceled', cause: 'Stopped by Ctrl-C.' });
    workflow.executions.send(command).catch(() => process.exit(130));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
}

async function runJob(workflow: Workflow, args: Arguments, view: LiveView): Promise<JobResult> {
  const jobId = makeJobId(new Date());
  const input = await toJobInput(args, workflow.bucket);
  const { executionArn = '' } = await workflow.executions.send(
    new StartExecutionCommand({
      stateMachineArn: workflow.local.stateMachineArn,
      name: jobId,
      input: JSON.stringify(input),
    }),
  );
  const release = stopOnInterrupt(workflow, executionArn, view);
  const { end, plan } = await follow(workflow, executionArn, jobId, view);
  release();
  const stopped = end.status === 'ABORTED';
  const outDir = args.out ?? `out/${jobId}`;
  const delivery = await deliver(workflow.bucket, jobId, { outDir, looks: stopped ? 40 : 1 });
  const failure = stopped
    ? { error: 'JobCanceled', cause: 'The execution was stopped.' }
    : { error: end.error, cause: end.cause };
  return { jobId, status: end.status, ...failure, delivery, plan };
}

/** Renders a job on this machine and returns the exit code. */
export async function generate(args: Arguments): Promise<number> {
  const stream = args.json ? process.stderr : process.stdout;
  const screen = { stream, color: args.color && stream.isTTY === true };
  const view = makeLiveView(screen);
  const workflow = await openWorkflow(args, 0);
  try {
    const result = await runJob(workflow, args, view);
    view.close();
    for (const line of resultLines(result, screen.color)) stream.write(`${line}\n`);
    if (args.json) process.stdout.write(`${JSON.stringify(toJson(result))}\n`);
    if (result.status === 'ABORTED') return 130;
    return isDelivered(result) ? 0 : 1;
  } finally {
    view.close();
    await workflow.local.stop();
  }
}
