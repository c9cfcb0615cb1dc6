import { z } from 'zod';
import { type BatchQueue, isOver, type QueuedJob } from './core/batch-queue.ts';
import type { Clock } from './core/clock.ts';
import { type ClosedJob, type CloseRequest, unheard } from './core/close/closing.ts';
import { readExecutionInput } from './core/close/execution-input.ts';
import type { Executions } from './core/close/executions.ts';
import { readJobFile, readReceipt } from './core/close/read-job.ts';
import { readTold, sendingSeconds, type Told } from './core/close/told.ts';
import { ServiceUnavailable } from './core/errors.ts';
import type { Job } from './core/input/job.ts';
import { partName } from './core/input/parts.ts';
import { readPartReceipts } from './core/parts/part-receipts.ts';
import { goneAt } from './core/pick/slot-wait.ts';
import type { Failure } from './core/receipt/receipt.ts';
import { keepSettlement } from './core/settle/keep-settlement.ts';
import type { Ledger, Reservation } from './core/settle/ledger.ts';
import { settle } from './core/settle/settlement.ts';
import { terminatedUse } from './core/settle/terminated.ts';
import type { Slots } from './core/slots/slot-request.ts';
import type { Bucket } from './core/storage/bucket.ts';
import { jobKey } from './core/storage/keys.ts';
import type { Notifier } from './core/tell/notification.ts';

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
  readonly executions: Executions;
  readonly notifier: Notifier;
  readonly closeJob: (request: CloseRequest) => Promise<ClosedJob>;
  /** Shortens the times of the local mode; 1 on AWS. */
  readonly timeScale: number;
}

export interface CleanUpJobResult {
  readonly jobId: string;
  /** Batch jobs that were ended. */
  readonly terminated: number;
  readonly closed: ClosedJob;
}

/**
 * A machine that came to its end told it before, by the error that stands in the receipt. One that closed the job and
 * was ended before its message left that to us.
 */
const isTold = ({ status, error }: Ended, { closedNow, failure }: ClosedJob) =>
  !closedNow && status === 'FAILED' && failure?.error === error;

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
      const settlement = settle(attempt, { outcome: 'JobCanceled', reason }, of, { ended, queued: job, now });
      spentUsd = (await keepSettlement(deps.bucket, settlement)).usd;
    }
    await deps.slots.free(jobName, goneAt({ outcome: 'JobCanceled', usd: spentUsd }, now, deps.timeScale));
    // Last: a repeated call goes by what is open.
    await deps.ledger.settle(jobId, jobName, spentUsd);
  }

  /** Once, since an event may be delivered twice; and certainly, since a call may be cut off before it sent anything. */
  async function tellOnce({ name, redriveCount }: Ended, closed: ClosedJob): Promise<void> {
    const key = jobKey(name, redriveCount ? `told-${redriveCount}.json` : 'told.json');
    const claim: Told = { at: deps.clock.now() };
    if (!(await deps.bucket.writeOnce(key, JSON.stringify(claim)))) {
      const { at, sent } = readTold(await deps.bucket.read(key));
      if (sent) return;
      if (claim.at - at < sendingSeconds * 1000 * deps.timeScale) {
        // Lambda delivers the event again in a minute: by then it is told, or nobody does it.
        throw new ServiceUnavailable(`Expected ${key} to say that the message was sent, another call is sending it.`);
      }
    }
    await deps.notifier.send(
      { subject: closed.subject, message: closed.message, chat: closed.chat },
      { status: closed.status, notify: closed.notify, error: closed.error },
    );
    await deps.bucket.write(key, JSON.stringify({ ...claim, sent: true }));
  }

  /** What keeps running costs. How many Batch jobs were ended. */
  async function endAttempts(jobId: string, { error, cause }: Failure): Promise<number> {
    let terminated = 0;
    for (const reservation of await deps.ledger.open(jobId)) {
      const reason = `${error}: ${cause}`.slice(0, 256);
      const job = await deps.queue.terminate(reservation.queue, reservation.jobName, reason);
      if (job && !isOver(job)) terminated += 1;
      await settleEnded(reservation, reason, job);
    }
    return terminated;
  }

  /**
   * Parts come one after another: the first that is not closed is the one that may run. AWS tries to stop it with its
   * parent; here it is certain, and it is closed at once, so that the parent's receipt holds its cost.
   */
  async function endPart(job: Job, { error, cause }: Failure): Promise<number> {
    const index = (await readPartReceipts(deps.bucket, job)).indexOf(undefined);
    if (index < 0) return 0;
    const name = partName(job.jobId, index + 1);
    const failure = { error, cause: `Job ${job.jobId}, whose part it is, ended: ${cause}`.slice(0, 4096) };
    await deps.executions.stop(name, error, failure.cause);
    const part = await readJobFile(deps.bucket, name);
    if (!part) return 0;
    const terminated = await endAttempts(name, failure);
    await deps.closeJob({ jobId: name, startedAt: part.startedAt, failures: [failure] });
    return terminated;
  }

  /** A part that is closed after its parent changes the parent's sums. */
  async function amendParent(jobId: string | undefined): Promise<void> {
    const parent = jobId === undefined ? undefined : await readReceipt(deps.bucket, jobId);
    if (parent) await deps.closeJob({ jobId: parent.jobId, startedAt: parent.startedAt, failures: [] });
  }

  return async (event: unknown): Promise<CleanUpJobResult> => {
    const { detail } = eventSchema.parse(event);
    const stopped = detail.status === 'ABORTED';
    const unnamed = detail.status === 'TIMED_OUT' ? 'States.Timeout' : 'States.Runtime';
    const error = stopped ? 'JobCanceled' : (detail.error ?? unnamed);
    const cause = detail.cause ?? (stopped ? 'The execution was stopped.' : `The execution ended ${detail.status}.`);
    const job = await readJobFile(deps.bucket, detail.name);
    const ofPart = job?.parts ? await endPart(job, { error, cause }) : 0;
    const terminated = ofPart + (await endAttempts(detail.name, { error, cause }));
    const closed = await deps.closeJob({
      jobId: detail.name,
      startedAt: new Date(detail.startDate).toISOString(),
      failures: [{ error, cause }],
      redriveCount: detail.redriveCount,
      execution: detail.executionArn,
      ...readExecutionInput(detail.input),
    });
    await amendParent(job?.partOf);
    if (closed.notify !== unheard && !isTold(detail, closed)) await tellOnce(detail, closed);
    return { jobId: detail.name, terminated, closed };
  };
}
