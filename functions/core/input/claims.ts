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
