import { describe, expect, it } from 'vitest';
import { type PartsSoFar, pickNextPart, wasNeverStarted } from '../../../../functions/core/parts/next-part.ts';
import type { Receipt } from '../../../../functions/core/receipt/receipt.ts';
import { aJob, aReceipt, startedAt } from '../../../fakes/builders.ts';

const now = Date.parse(startedAt);
const hours = (count: number) => new Date(now + count * 3_600_000).toISOString();
const done = aReceipt({ images: 4, delivered: 4, usd: 1 });
const failed = (error: string, over: Partial<Receipt> = {}) =>
  aReceipt({ status: 'failed', delivered: 0, reused: 0, failed: 4, failure: { error, cause: 'why' }, ...over });
const pick = (receipts: PartsSoFar['receipts'], over: Partial<PartsSoFar['job']> = {}, instanceType = '') =>
  pickNextPart({ job: aJob({ images: 12, parts: 3, ...over }), receipts, now, bucket: 'b', instanceType });

describe('the part that comes next', () => {
  it('is an ordinary job that tells nobody, within the limits of the whole', () => {
    const job = { maxUsd: 3, maxUsdPerHour: 0.5, onDemand: 'fallback', sameGpu: true, readyBy: hours(3) } as const;
    expect(pick([done, undefined, undefined], job, 'g6.xlarge')).toEqual({
      part: 2,
      name: 'job-1-p002',
      input: {
        promptsFile: 's3://b/jobs/job-1/parts/002.jsonl',
        maxUsd: 2,
        maxUsdPerHour: 0.5,
        readyBy: hours(1.5),
        onDemand: 'fallback',
        sameGpu: true,
        notify: 'none',
        partOf: { jobId: 'job-1', instanceType: 'g6.xlarge' },
      },
      failures: [],
    });
  });

  it('says nothing of limits that there are not', () => {
    expect(pick([undefined, undefined, undefined]).input).toEqual({
      promptsFile: 's3://b/jobs/job-1/parts/001.jsonl',
      onDemand: 'never',
      sameGpu: false,
      notify: 'none',
      partOf: { jobId: 'job-1' },
    });
  });

  it('has of the time that is left its share of the images that are', () => {
    const inParts = (images: number, receipts: PartsSoFar['receipts']) => pick(receipts, { images, readyBy: hours(9) });
    expect(inParts(10, [undefined, undefined, undefined]).input?.readyBy).toBe(hours((9 * 3) / 10));
    expect(inParts(10, [done, undefined, undefined]).input?.readyBy).toBe(hours((9 * 3) / 7));
    expect(inParts(10, [done, done, undefined]).input?.readyBy).toBe(hours(9));
  });

  it('pays for no deadline that is over', () => {
    for (const late of [0, -1]) {
      expect(pick([done, undefined, undefined], { readyBy: hours(late) }).input).not.toHaveProperty('readyBy');
    }
  });

  it('says what was spent where the limit leaves nothing', () => {
    expect(pick([done, done, undefined], { maxUsd: 2 }).failures[0]?.cause).toBe(
      'The parts so far cost $2.0000 of `maxUsd` $2: part 3 of 3 was not started. To fix: raise `maxUsd` and resume the job.',
    );
  });

  it('is the first that is not closed, and none where all are', () => {
    expect(pick([undefined, done, done]).part).toBe(1);
    expect(pick([done, done, done])).toEqual({ part: 0, failures: [] });
  });

  it.each(['NoSpotCapacity', 'WorkerNeverStarted', 'SpotInterrupted', 'WorkerLost'])('comes after %s', (error) => {
    expect(pick([failed(error), undefined, undefined])).toMatchObject({
      part: 2,
      failures: [{ error, cause: 'Part 1 of 3, job job-1-p001: why' }],
    });
  });

  it.each([
    'InvalidPrompt',
    'InvalidJob',
    'BudgetExceeded',
    'NoEligiblePool',
    'WeightsUnavailable',
    'JobCanceled',
    'GenerationFailed',
    'GpuOutOfMemory',
    'AccessDenied',
  ])('does not come after %s: it would meet the same', (error) => {
    expect(pick([failed(error), undefined, undefined])).toMatchObject({ part: 0, failures: [{ error }] });
  });

  it.each(['GenerationFailed', 'GpuOutOfMemory'])('comes after %s of some images among many', (error) => {
    expect(pick([failed(error, { delivered: 3, failed: 1 }), undefined, undefined]).part).toBe(2);
    expect(pick([failed(error, { delivered: 3, reused: 3, failed: 1 }), undefined, undefined]).part).toBe(0);
  });

  it.each([
    [1.11, undefined],
    [1.2, 0.2],
  ])('does not start once 90 %% of $%d are spent', (maxUsd, left) => {
    const { part, input, failures } = pick([done, undefined, undefined], { maxUsd });
    expect(part).toBe(left ? 2 : 0);
    expect(input?.maxUsd).toBe(left);
    expect(failures.map(({ error }) => error)).toEqual(left ? [] : ['BudgetExceeded']);
  });
});

describe('wasNeverStarted', () => {
  it.each([
    ['StepFunctions.ExecutionLimitExceededException', true],
    ['StepFunctions.ExecutionAlreadyExistsException', false],
    ['States.TaskFailed', false],
    [undefined, false],
  ])('%s: %s', (error, expected) => {
    expect(wasNeverStarted({ part: 1, error })).toBe(expected);
  });
});
