/** What an attempt asks for before its submit. Times are milliseconds since the epoch. */
export interface SlotRequest {
  /** Of the quota, as `quotaOf` gives it. */
  readonly code: string;
  readonly vcpus: number;
  /** vCPUs that all slots of this quota may hold: the quota less what others use. Undefined: not known, all are granted. */
  readonly have?: number;
  readonly jobId: string;
  readonly jobName: string;
  /** id of the pool: a slot whose instance idles there is taken over, Batch puts the next job on that instance. */
  readonly pool: string;
  readonly now: number;
  /** Nobody who forgets to free it holds a slot for longer. */
  readonly until: number;
}

/** `full`: no room. `yield`: there is room, and another job that has less comes first. */
export interface SlotAnswer {
  readonly answer: 'taken' | 'full' | 'yield';
  readonly code: string;
  readonly have?: number;
  /** Held by slots now, this one not counted unless it was taken. */
  readonly used: number;
  readonly need: number;
  /** The slot is that of an instance that idled in the pool: it starts at once. */
  readonly reused?: Reused;
}

/** What is known of an instance that another attempt had before. */
export interface Reused {
  /** Of the idle seconds to come, what the attempt before has paid. */
  readonly idleSecondsPaid: number;
  /** Since the first attempt took a slot for it. */
  readonly ageSeconds: number;
}

/** An instance without an attempt, until Batch ends it. */
export interface IdleInstance {
  /** id of the pool */
  readonly pool: string;
  readonly secondsLeft: number;
}

/** What slots hold now. */
export interface HeldSlots {
  /** vCPUs by quota code. */
  readonly vcpus: Readonly<Record<string, number>>;
  readonly idle: readonly IdleInstance[];
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
