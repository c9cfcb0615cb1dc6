import { z } from 'zod';
import { isOver } from './core/blocked-queue.ts';
import type { ClosedJob, CloseRequest } from './core/closing.ts';
import { keepSettlement } from './core/keep-settlement.ts';
import type { BatchQueue, Bucket, Clock, Ledger, Notifier, QueuedJob, Reservation, Slots } from './core/ports.ts';
import { settle } from './core/settlement.ts';
import { goneAt } from './core/slot-wait.ts';
import { terminatedUse } from './core/terminated.ts';

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
  readonly bucket: Bucket;
  readonly ledger: Ledger;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly queue: BatchQueue;
  readonly notifier: Notifier;
  readonly closeJob: (request: CloseRequest) => Promise<ClosedJob>;
  /** Shortens the times of the local mode; 1 on AWS. */
  readonly timeScale: number;
}

export interface CleanUpJobResult {
  readonly terminated: number;
  readonly closedNow: boolean;
}

/**
 * The end that the machine itself can't catch (StopExecution, the execution's own timeout, States.Runtime): terminates
 * the job's Batch jobs, says what they cost, frees their reservations and slots, closes the job and says so. After a job that closed itself it does nothing.
 */
export function makeCleanUpJob(deps: CleanUpJobDeps) {
  /** The same rule as Settle attempt's after a timeout; the receipt holds it, too. */
  async function settleEnded({ jobId, jobName, usd, attempt }: Reservation, reason: string, job?: QueuedJob) {
    const now = deps.clock.now();
    // An older version remembered no price: the whole reservation, unless the job never left the queue.
    const pick = { usdPerHour: Number.POSITIVE_INFINITY, ...attempt, worstUsd: usd };
    const ended = terminatedUse(pick, job, now);
    let { usd: spentUsd } = ended;
    if (attempt) {
      const of = { jobId, shard: attempt.shard, attempt: attempt.attempt };
      const settlement = settle(attempt, { outcome: 'JobCanceled', reason }, of, { ended });
      spentUsd = (await keepSettlement(deps.bucket, settlement)).usd;
    }
    await deps.slots.free(jobName, goneAt('JobCanceled', now, deps.timeScale));
    // Last: a repeated call goes by what is open.
    await deps.ledger.settle(jobId, jobName, spentUsd);
  }

  return async (event: unknown): Promise<CleanUpJobResult> => {
    const { detail } = eventSchema.parse(event);
    const stopped = detail.status === 'ABORTED';
    const error = stopped ? 'JobCanceled' : (detail.error ?? 'States.Runtime');
    const cause = detail.cause ?? (stopped ? 'The execution was stopped.' : `The execution ended ${detail.status}.`);
    let terminated = 0;
    for (const reservation of await deps.ledger.open(detail.name)) {
      const reason = `${error}: ${cause}`.slice(0, 256);
      const job = await deps.queue.terminate(reservation.queue, reservation.jobName, reason);
      if (job && !isOver(job)) terminated += 1;
      await settleEnded(reservation, reason, job);
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
