import { describe, expect, it } from 'vitest';
import { ServiceUnavailable } from '../../functions/core/errors.ts';
import { makeNextPart } from '../../functions/next-part.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aJob, aReceipt } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';

const closed = (part: number) => ({ [`jobs/job-1-p00${part}/receipt.json`]: JSON.stringify(aReceipt()) });
const job = aJob({ images: 12, parts: 3 });

function next(files: Readonly<Record<string, string>>, last?: object | null) {
  const state = makeNextPart({ bucket: makeFakeBucket(files), clock: makeFakeClock() });
  return state({ job, instanceType: '', last });
}

describe('next-part', () => {
  it('goes by the receipts in the bucket', async () => {
    expect(await next({})).toMatchObject({ part: 1, name: 'job-1-p001' });
    expect(await next(closed(1), { part: 1 })).toMatchObject({ part: 2, name: 'job-1-p002' });
    expect(await next({ ...closed(1), ...closed(2), ...closed(3) }, { part: 3 })).toEqual({ part: 0, failures: [] });
  });

  it('goes on from the receipts where the same part was started twice: after a redrive', async () => {
    const error = 'StepFunctions.ExecutionAlreadyExistsException';
    expect(await next(closed(1), { part: 1, error, cause: 'x' })).toMatchObject({ part: 2 });
  });

  it('is asked again while the part that ended is not closed', async () => {
    await expect(next(closed(1), { part: 2, error: 'States.TaskFailed', cause: '{}' })).rejects.toThrow(
      ServiceUnavailable,
    );
    await expect(next({}, { part: 1, error: null, cause: null })).rejects.toThrow('job-1-p001');
  });

  it('ends the job where a part could not be started', async () => {
    const error = 'StepFunctions.AccessDeniedException';
    expect(await next({}, { part: 1, error, cause: 'no' })).toEqual({
      part: 0,
      failures: [{ error, cause: 'Part 1 could not be started: no' }],
    });
  });
});
