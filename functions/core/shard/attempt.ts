import { createHash } from 'node:crypto';

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

/** Names that two jobs can't share: Batch takes 128 letters, digits, `-` and `_`, and does not tell `Night` from `night`. */
const plainName = /^[a-z0-9_-]{1,80}$/;

/** The name in which Batch can be asked for it; of another one its hash stands for what Batch does not take. */
function toBatchName(jobId: string): string {
  if (plainName.test(jobId)) return jobId;
  const hash = createHash('sha256').update(jobId).digest('hex').slice(0, 8);
  return `${jobId.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 80)}-${hash}`;
}

/** Of the attempt's Batch job, and of its slot and reservation. Deterministic: it can be found by it after a timeout. */
export const attemptName = (jobId: string, shard: number, attempt: number) =>
  `${toBatchName(jobId)}-s${shard}-a${attempt}`;
