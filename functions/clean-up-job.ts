import { z } from 'zod';
import { isOver } from './core/blocked-queue.ts';
import type { ClosedJob, CloseRequest } from './core/closing.ts';
import { keepSettlement } from './core/keep-settlement.ts';
import { jobKey } from './core/keys.ts';
import type { BatchQueue, Bucket, Clock, Ledger, Notifier, QueuedJob, Reservation, Slots } from './core/ports.ts';
import { readScheduled } from './core/scheduled.ts';
import { settle } from './core/settlement.ts';
import { goneAt } from './core/slot-wait.ts';
import { terminatedUse } from './core/terminated.ts';

/** EventBridge: source `aws.states`, detail-type "Step Functions Execution Status Change". */
const eventSchema = z.object({
  detail: z.object({
    name: z.string().min(1),
    executionArn: z.string().nullish(),
    status: z.enum(['FAILED', 'ABORTED', 'TIMED_OUT']),
    startDate: z.number(),
    /** JSON; absent where it is too long for an event. */
    input: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
    redriveCount: z.int().min(0).nullish(),
  }),
});

type Ended = z.infer<typeof eventSchema>['detail'];

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
      const settlement = settle(attempt, { outcome: 'JobCanceled', reason }, of, { ended, queued: job });
      spentUsd = (await keepSettlement(deps.bucket, settlement)).usd;
    }
    await deps.slots.free(jobName, goneAt('JobCanceled', now, deps.timeScale));
    // Last: a repeated call goes by what is open.
    await deps.ledger.settle(jobId, jobName, spentUsd);
  }

  /**
   * A machine that came to its end told it before, by the error that stands in the receipt. One that closed the job and
   * was ended before its message left that to us: once, since an event may be delivered twice.
   */
  async function isTold(
    { name, status, error, redriveCount }: Ended,
    { closedNow, failure }: ClosedJob,
  ): Promise<boolean> {
    if (!closedNow && status === 'FAILED' && failure?.error === error) return true;
    const told = jobKey(name, redriveCount ? `told-${redriveCount}.json` : 'told.json');
    return !(await deps.bucket.writeOnce(told, JSON.stringify({ by: 'Clean up job' })));
  }

  return async (event: unknown): Promise<CleanUpJobResult> => {
    const { detail } = eventSchema.parse(event);
    const stopped = detail.status === 'ABORTED';
    const unnamed = detail.status === 'TIMED_OUT' ? 'States.Timeout' : 'States.Runtime';
    const error = stopped ? 'JobCanceled' : (detail.error ?? unnamed);
    const cause = detail.cause ?? (stopped ? 'The execution was stopped.' : `The execution ended ${detail.status}.`);
    let terminated = 0;
    for (const reservation of await deps.ledger.open(detail.name)) {
      const reason = `${error}: ${cause}`.slice(0, 256);
      const job = await deps.queue.terminate(reservation.queue, reservation.jobName, reason);
      if (job && !isOver(job)) terminated += 1;
      await settleEnded(reservation, reason, job);
    }
    const startedAt = new Date(detail.startDate).toISOString();
    const closed = await deps.closeJob({
      jobId: detail.name,
      startedAt,
      failures: [{ error, cause }],
      redriveCount: detail.redriveCount,
      execution: detail.executionArn,
      schedule: readScheduled(detail.input),
    });
    if (!(await isTold(detail, closed))) {
      await deps.notifier.send(
        { subject: closed.subject, message: closed.message, chat: closed.chat },
        { status: closed.status, notify: closed.notify, error: closed.error },
      );
    }
    return { terminated, closedNow: closed.closedNow };
  };
}
