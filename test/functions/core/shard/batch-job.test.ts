import { expect, it } from 'vitest';
import { parseBatchJob } from '../../../../functions/core/shard/batch-job.ts';

it('keeps the fields that we read', () => {
  const job = {
    JobId: 'a',
    Status: 'FAILED',
    StatusReason: 'why',
    CreatedAt: 1,
    StartedAt: 2,
    StoppedAt: 3,
    IsCancelled: false,
    IsTerminated: true,
    Container: { ExitCode: 80, Reason: 'r', LogStreamName: 'l', ContainerInstanceArn: 'i' },
  };
  expect(parseBatchJob(JSON.stringify({ ...job, Attempts: [], JobQueue: 'q' }))).toEqual(job);
});

it('takes nulls and absent fields: a job that never started', () => {
  expect(parseBatchJob('{"JobId":"a","StatusReason":null,"StartedAt":null,"Container":null}')).toEqual({
    JobId: 'a',
    StatusReason: null,
    StartedAt: null,
    Container: null,
  });
});

it.each([
  '',
  'x',
  'null',
  '3',
  '"a"',
  '{}',
  '{"StatusReason":"Host EC2"}',
  '{"JobId":"a","StartedAt":"yesterday"}',
  '{"JobId":"a","Container":3}',
])('is undefined for %j', (cause) => {
  expect(parseBatchJob(cause)).toBeUndefined();
});
