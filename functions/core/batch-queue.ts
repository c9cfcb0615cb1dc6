/** A job as AWS Batch sees it. */
export interface QueuedJob {
  /** AWS Batch's id of it. */
  readonly id: string;
  readonly jobName: string;
  readonly queue: string;
  readonly status: string;
  /** Empty where Batch gives none. */
  readonly statusReason: string;
  /** milliseconds since the epoch */
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
}

export interface BatchQueue {
  /** Ends the job of that name, unless it is over: a timeout leaves no job id. The newest of that name, as it was before. */
  terminate(queue: string, jobName: string, reason: string): Promise<QueuedJob | undefined>;
  /** The newest job of that name, as it is now. */
  find(queue: string, jobName: string): Promise<QueuedJob | undefined>;
  /** Undefined once Batch has forgotten it. */
  describe(id: string): Promise<QueuedJob | undefined>;
  /** Ends the job unless it has a host: one that started in the meantime goes on. */
  cancel(id: string, reason: string): Promise<void>;
  /** Cancels every job of the queue that waits. How many there were. */
  cancelWaiting(queue: string, reason: string): Promise<number>;
}

const waitingStatuses = ['SUBMITTED', 'PENDING', 'RUNNABLE'];

/** Has no host yet. */
export const isWaiting = ({ status }: Pick<QueuedJob, 'status'>) => waitingStatuses.includes(status);

export const isOver = ({ status }: Pick<QueuedJob, 'status'>) => status === 'SUCCEEDED' || status === 'FAILED';
