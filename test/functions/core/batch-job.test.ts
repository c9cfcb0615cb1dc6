import { expect, it } from 'vitest';
import { parseBatchJob } from '../../../functions/core/batch-job.ts';

it('keeps the fields that we read', () => {
  const job = {
    JobId: 'a',
    Status: 'FAILED',
    StatusReason: 'why',
    CreatedAt: 1,
    StartedAt: 2,
    StoppedAt: 3,
    Container: { ExitCode: 80, Reason: 'r', LogStreamName: 'l' },
  };
  expect(parseBatchJob(JSON.stringify({ ...job, Attempts: [], JobQueue: 'q' }))).toEqual(job);
});

it('takes nulls and absent fields: a job that never started', () => {
  expect(parseBatchJob('{"StatusReason":null,"StartedAt":null,"Container":null}')).toEqual({
    StatusReason: null,
    StartedAt: null,
    Container: null,
  });
});

it.each(['', 'x', 'null', '3', '"a"', '{"StartedAt":"yesterday"}', '{"Container":3}'])(
  'is undefined for %j',
  (cause) => {
    expect(parseBatchJob(cause)).toBeUndefined();
  },
);
