/** What a shard remembers between its attempts: a variable of the Map's iteration. */
export interface Tried {
  /** Pools that this shard lost or that refused it. */
  readonly closedPools: readonly string[];
  /** After GpuOutOfMemory: look above this, in GiB. 0: no limit. */
  readonly vramAboveGib: number;
  /** How often all pools were closed and the shard waited. */
  readonly waits: number;
  /** Ends by error name, for limits. */
  readonly counts: Readonly<Record<string, number>>;
}

export const untried: Tried = { closedPools: [], vramAboveGib: 0, waits: 0, counts: {} };

/** Batch job names: letters, digits, `-` and `_`, at most 128. Deterministic: the job can be found by it after a timeout. */
export function attemptName(jobId: string, shard: number, attempt: number): string {
  return `${jobId.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 80)}-s${shard}-a${attempt}`;
}
