import { z } from 'zod';
import type { Clock } from './core/clock.ts';
import { ServiceUnavailable } from './core/errors.ts';
import { jobSchema } from './core/input/job-schema.ts';
import { partName } from './core/input/parts.ts';
import { type EndedPart, type NextPart, pickNextPart, wasNeverStarted } from './core/parts/next-part.ts';
import { readPartReceipts } from './core/parts/part-receipts.ts';
import type { Bucket } from './core/storage/bucket.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const eventSchema = z.object({
  job: jobSchema,
  instanceType: z.string(),
  last: z.object({ part: z.int(), error: text, cause: text }).nullish(),
});

export interface NextPartDeps {
  readonly bucket: Bucket;
  readonly clock: Clock;
}

/** Says which part of a job comes next and within what limits. The receipts in the bucket are the only truth about the others. */
export function makeNextPart({ bucket, clock }: NextPartDeps) {
  return async (event: unknown): Promise<NextPart> => {
    const { job, instanceType, last } = eventSchema.parse(event);
    const receipts = await readPartReceipts(bucket, job);
    const facts = { job, receipts, now: clock.now(), bucket: bucket.name, instanceType };
    if (!last || receipts[last.part - 1]) return pickNextPart(facts);
    if (wasNeverStarted(last)) return { part: 0, failures: [toFailure(last)] };
    // The machine asks again some seconds later: after an end that it can't catch, Clean up job closes the part.
    throw new ServiceUnavailable(
      `Expected job ${partName(job.jobId, last.part)} to have a receipt, it is not closed yet.`,
    );
  };
}

const toFailure = ({ part, error = '', cause = '' }: EndedPart) => ({
  error,
  cause: `Part ${part} could not be started: ${cause}`,
});
