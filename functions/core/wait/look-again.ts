import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WaitVerdict } from './wait-verdict.ts';

/**
 * A reason that Batch writes may be wrong for minutes (nextflow-io/nextflow#7479: seen 3 minutes after the submit, the
 * instance came at 6), and "Batch Job Queue Blocked" may come once only: a timer of ours looks again, longer than a start.
 */
const lookAgainMs = 600_000;

/** What a timer of ours gives back: the verdict that it doubts. `at` is the time of that verdict, and its identity. */
export const lookSchema = z.object({
  batchJobId: z.string().min(1),
  jobId: z.string().min(1),
  jobName: z.string().min(1),
  pool: z.string().min(1),
  verdict: z.string().min(1),
  at: z.iso.datetime(),
});

export type Look = Readonly<z.infer<typeof lookSchema>>;

/** Deterministic: an event that is delivered twice makes one timer. */
export function lookName({ batchJobId, verdict, at }: Look): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([batchJobId, verdict, at]))
    .digest('hex');
  return `look-again-${hash.slice(0, 32)}`;
}

/** By the time of the verdict, so that a retried look names its successor as before. */
export const nextLookAt = (at: string) => new Date(Date.parse(at) + lookAgainMs).toISOString();

export const lookFrom = (now: number) => new Date(now + lookAgainMs);

export type WaitAction = 'close-pool' | 'give-up' | 'look-again';

/** @param twice the same verdict stood there ten minutes ago */
export function nextWaitAction({ kind }: WaitVerdict, twice: boolean): WaitAction {
  switch (kind) {
    case 'capacity':
      return 'close-pool';
    // Both end by themselves: an instance of ours ends, an instance comes. The state's own timeout is the bound.
    case 'quota-full':
    case 'scaling':
      return 'look-again';
    case 'quota-zero':
    case 'misconfiguration':
    case 'undetermined':
    case 'unknown':
      return twice ? 'give-up' : 'look-again';
    default:
      return kind satisfies never;
  }
}
