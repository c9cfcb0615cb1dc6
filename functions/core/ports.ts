import type { Lesson } from './lesson.ts';
import type { Notification } from './notification.ts';
import type { LearnedSpeed, PoolRecord } from './outlook.ts';
import type { ReservedAttempt } from './reserved-attempt.ts';
import type { HeldSlots, SlotAnswer, SlotRequest } from './slots.ts';

export interface KeyPage {
  readonly keys: readonly string[];
  /** No key comes after them. */
  readonly isLast: boolean;
}

/** The one bucket. Keys as in `keys.ts`. */
export interface Bucket {
  readonly name: string;
  /** The text of an object, or undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  readBytes(key: string): Promise<Uint8Array | undefined>;
  /** The text of an object in pieces, each as it comes: it is never in memory at once. */
  readChunks(key: string): Promise<AsyncIterable<string> | undefined>;
  exists(key: string): Promise<boolean>;
  write(key: string, body: string | Uint8Array): Promise<void>;
  /** False where the key exists already: it is left as it is. */
  writeOnce(key: string, body: string | Uint8Array): Promise<boolean>;
  list(prefix: string): Promise<readonly string[]>;
  /** One request: the first keys below the prefix that come after `after`, in order. At most 1,000. */
  listAfter(prefix: string, after: string): Promise<KeyPage>;
  /** Key of the record of the attempt that put the object, as its worker said; undefined where nobody did. */
  attemptOf(key: string): Promise<string | undefined>;
}

/** An attempt whose worst case is set aside. */
export interface Reservation {
  readonly jobId: string;
  readonly jobName: string;
  readonly queue: string;
  readonly usd: number;
  /** What Clean up job needs to settle it; absent: written by an older version. */
  readonly attempt?: ReservedAttempt;
}

/** What a job may still spend; conditional updates, so that parallel shards can't overspend. */
export interface Ledger {
  /**
   * Sets `usd` aside. False where it does not fit `maxUsd`, or 90 % of it are spent or set aside (`budget.ts`).
   * The same attempt reserves once; a later call replaces what stands there until it is settled.
   */
  reserve(reservation: Reservation, maxUsd?: number): Promise<boolean>;
  /** The most that this attempt may cost, its own reservation not counted; undefined: no limit. */
  left(jobId: string, jobName: string, maxUsd?: number): Promise<number | undefined>;
  /** Replaces the reservation by what was spent; a second call changes nothing. */
  settle(jobId: string, jobName: string, usd: number): Promise<void>;
  open(jobId: string): Promise<readonly Reservation[]>;
}

/** What attempts taught of models and pools. */
export interface Learned {
  all(): Promise<{ readonly speeds: readonly LearnedSpeed[]; readonly records: readonly PoolRecord[] }>;
  /** The same attempt counts once. False where it counted before. */
  add(lesson: Lesson): Promise<boolean>;
}

/** vCPUs of each quota, account-wide; a slot is held until its instance is gone. */
export interface Slots {
  /** Takes a slot for one attempt, before its submit; the same attempt takes one. Who is refused waits in line. */
  take(request: SlotRequest): Promise<SlotAnswer>;
  /** The attempt is over, its instance is gone at this time (milliseconds since the epoch). Repeated calls change nothing. */
  free(jobName: string, goneAt: number): Promise<void>;
  /** The attempt that was refused waits for no slot of this quota any more: it took one of another. */
  leave(code: string, jobName: string): Promise<void>;
  held(): Promise<HeldSlots>;
}

/** A scheduled time, as EventBridge Scheduler delivers it: at least once. */
export interface Claim {
  readonly schedule: string;
  /** ISO time */
  readonly time: string;
  readonly jobId: string;
}

export interface Claims {
  /** Takes the time for this job, unless another has it. The job that has it now; the same job may ask again. */
  claim(claim: Claim): Promise<string>;
}

/** What a token of the gallery door opens. */
export interface Door {
  readonly jobId: string;
  /** seconds since the epoch */
  readonly expires: number;
}

/** Doors by the hash of their token: who reads the ledger can't open one. */
export interface Doors {
  add(tokenHash: string, door: Door): Promise<void>;
  find(tokenHash: string): Promise<Door | undefined>;
}

export interface Downloads {
  /** A URL that fetches one object of the bucket without credentials, for this many seconds. */
  link(key: string, method: 'GET' | 'HEAD', seconds: number): Promise<string>;
}

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

/** Executions of the state machine, by their names: that of a job is the job's. */
export interface Executions {
  /** Ends it, unless it is over or never was. */
  stop(name: string, error: string, cause: string): Promise<void>;
}

/** A pool that refused, closed for every job of the account. */
export interface ClosedPool {
  /** id of the pool */
  readonly pool: string;
  /** ISO time */
  readonly until: string;
}

export interface ClosedPools {
  /** Closes the pool, unless it is closed. True where this call did. */
  close(closed: ClosedPool): Promise<boolean>;
  /** Those that are closed now. */
  list(): Promise<readonly ClosedPool[]>;
}

/** Why an attempt waits, or waited. */
export interface Wait {
  readonly jobId: string;
  readonly jobName: string;
  /** id of the pool */
  readonly pool: string;
  readonly verdict: string;
  readonly sentence: string;
  /** ISO times: of the submit, of the verdict, and of the end of the waiting. */
  readonly since: string;
  readonly at: string;
  readonly until?: string;
}

export interface Waits {
  find(jobId: string, jobName: string): Promise<Wait | undefined>;
  /** One per attempt, the newest. False where the waiting is over: what was said last stays. */
  write(wait: Wait): Promise<boolean>;
}

export interface Timers {
  /** Invokes this function with `event` at that time, once. A second timer of that name is none. */
  set(name: string, at: Date, event: unknown): Promise<void>;
}

/** One per pool; AWS gives its name. */
export interface ComputeEnvironment {
  readonly arn: string;
  /** False while it changes: AWS takes no other change. */
  readonly settled: boolean;
  readonly valid: boolean;
  readonly clusterArn?: string;
  /** Absent: the image is AWS's choice. */
  readonly imageId?: string;
}

export interface ComputeEnvironments {
  /** Those behind the queues that exist. */
  behind(queues: readonly string[]): Promise<readonly ComputeEnvironment[]>;
  useImage(arn: string, imageId: string): Promise<void>;
}

/** An instance that runs a worker, or may. */
export interface Instance {
  readonly id: string;
  /** milliseconds since the epoch */
  readonly launchedAt: number;
}

export interface Instances {
  /** Every running one of ours. */
  running(): Promise<readonly Instance[]>;
}

/** An instance as the cluster of its compute environment sees it. */
export interface Member {
  readonly instanceId: string;
  /** milliseconds since the epoch */
  readonly registeredAt: number;
  /** running and on their way */
  readonly tasks: number;
}

export interface Clusters {
  members(clusterArn: string): Promise<readonly Member[]>;
}

/** A machine image of ours, ready to be used. */
export interface GoldenImage {
  readonly id: string;
  /** ISO time */
  readonly createdAt: string;
  readonly snapshotIds: readonly string[];
}

export interface GoldenImages {
  list(): Promise<readonly GoldenImage[]>;
  /** The image, then its snapshots: they can't go while it is there. */
  remove(image: GoldenImage): Promise<void>;
}

export interface Notifier {
  send(notification: Notification, attributes: Readonly<Record<string, string>>): Promise<void>;
}

export interface Pictures {
  /** One WebP per size, the longer side at most that many pixels; the source is decoded once. */
  thumbnails(source: Uint8Array, sizes: readonly number[]): Promise<readonly Uint8Array[]>;
  /** Up to 100 thumbnails as one WebP. */
  contactSheet(thumbnails: readonly Uint8Array[]): Promise<Uint8Array>;
}

export interface Clock {
  /** milliseconds since the epoch */
  now(): number;
}
