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
