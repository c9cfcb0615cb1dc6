/** Executions of the state machine, by their names: that of a job is the job's. */
export interface Executions {
  /** Ends it, unless it is over or never was. */
  stop(name: string, error: string, cause: string): Promise<void>;
}
