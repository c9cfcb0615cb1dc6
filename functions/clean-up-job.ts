import { z } from 'zod';
import type { ClosedJob, CloseRequest } from './core/closing.ts';
import type { BatchQueue, Ledger, Notifier } from './core/ports.ts';

/** EventBridge: source `aws.states`, detail-type "Step Functions Execution Status Change". */
const eventSchema = z.object({
  detail: z.object({
    name: z.string().min(1),
    status: z.enum(['FAILED', 'ABORTED', 'TIMED_OUT']),
    startDate: z.number(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

export interface CleanUpJobDeps {
  readonly ledger: Ledger;
  readonly queue: BatchQueue;
  readonly notifier: Notifier;
  readonly closeJob: (request: CloseRequest) => Promise<ClosedJob>;
}

export interface CleanUpJobResult {
  readonly terminated: number;
  readonly closedNow: boolean;
}

/**
 * The end that the machine itself can't catch (StopExecution, the execution's own timeout, States.Runtime): terminates
 * the job's Batch jobs, frees its reservations, closes it and says so. After a job that closed itself it does nothing.
 */
export function makeCleanUpJob(deps: CleanUpJobDeps) {
  return async (event: unknown): Promise<CleanUpJobResult> => {
    const { detail } = eventSchema.parse(event);
    const stopped = detail.status === 'ABORTED';
    const error = stopped ? 'JobCanceled' : (detail.error ?? 'States.Runtime');
    const cause = detail.cause ?? (stopped ? 'The execution was stopped.' : `The execution ended ${detail.status}.`);
    let terminated = 0;
    for (const { jobId, jobName, queue } of await deps.ledger.open(detail.name)) {
      if (await deps.queue.terminate(queue, jobName, `${error}: ${cause}`.slice(0, 256))) terminated += 1;
      // What it cost until now is not known here: the attempt is settled at $0 in the ledger, its limit is over with the job.
      await deps.ledger.settle(jobId, jobName, 0);
    }
    const startedAt = new Date(detail.startDate).toISOString();
    const closed = await deps.closeJob({ jobId: detail.name, startedAt, failures: [{ error, cause }] });
    if (closed.closedNow) {
      await deps.notifier.send(
        { subject: closed.subject, message: closed.message },
        { status: closed.status, notify: closed.notify },
      );
    }
    return { terminated, closedNow: closed.closedNow };
  };
}
