import { describe, expect, it } from 'vitest';
import {
  type BatchEvent,
  jobIdOf,
  toQueuedJob,
  waitTriggerSchema,
} from '../../../../functions/core/wait/blocked-queue.ts';
import documented from '../../../fixtures/batch-job-queue-blocked.json' with { type: 'json' };

type Detail = BatchEvent['detail'];

const anEvent = (detail: Partial<Detail> = {}): BatchEvent => ({
  'detail-type': 'Batch Job State Change',
  time: '2026-11-23T22:00:00Z',
  detail: {
    jobId: 'batch-1',
    jobName: 'job-1-s0-a1',
    jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/q',
    status: 'RUNNABLE',
    ...detail,
  },
});

const look = {
  batchJobId: 'b',
  jobId: 'job-1',
  jobName: 'job-1-s0-a1',
  pool: 'any/g6.xlarge/spot',
  verdict: 'scaling',
  at: '2026-11-23T22:00:00.000Z',
};

describe('what invokes Explain waiting', () => {
  it('is the event that AWS documents, less what nobody reads', () => {
    const { detail } = documented;
    expect(waitTriggerSchema.parse(documented)).toEqual({
      'detail-type': documented['detail-type'],
      time: documented.time,
      detail: {
        jobId: detail.jobId,
        jobName: detail.jobName,
        jobQueue: detail.jobQueue,
        status: detail.status,
        statusReason: detail.statusReason,
        createdAt: detail.createdAt,
        container: { environment: [] },
      },
    });
  });

  it('is a timer of ours that looks again', () => {
    expect(waitTriggerSchema.parse({ look })).toEqual({ look });
  });

  it.each([
    { 'detail-type': 'Batch Job Queue Unblocked' },
    { time: 'yesterday' },
    { detail: { ...documented.detail, jobId: '' } },
    { detail: { ...documented.detail, jobName: '' } },
    { detail: { ...documented.detail, jobQueue: '' } },
    { detail: { ...documented.detail, status: '' } },
  ])('is no event with %j', (change) => {
    expect(waitTriggerSchema.safeParse({ ...documented, ...change }).success).toBe(false);
  });

  it.each(Object.keys(look))('is no look with an empty %s', (field) => {
    expect(waitTriggerSchema.safeParse({ look: { ...look, [field]: '' } }).success).toBe(false);
  });
});

describe('the job of an event', () => {
  it('is in the queue that the last part of the ARN names, with the times that the event gives', () => {
    const event = anEvent({ statusReason: 'why', createdAt: 1000, startedAt: 2000 });
    expect(toQueuedJob(event)).toEqual({
      id: 'batch-1',
      jobName: 'job-1-s0-a1',
      queue: 'q',
      status: 'RUNNABLE',
      statusReason: 'why',
      createdAt: 1000,
      startedAt: 2000,
    });
  });

  it('is in the queue of a bare name', () => {
    expect(toQueuedJob(anEvent({ jobQueue: 'only-a-name' })).queue).toBe('only-a-name');
  });

  it.each([null, undefined])('has no reason and no times where the event says %s', (none) => {
    const { statusReason, createdAt, startedAt } = toQueuedJob(
      anEvent({ statusReason: none, createdAt: none, startedAt: none }),
    );
    expect([statusReason, createdAt, startedAt]).toEqual(['', undefined, undefined]);
  });

  it("is the workflow's where its environment names our job", () => {
    const environment = [
      { name: 'BUCKET', value: 'pictures' },
      { name: 'JOB_ID', value: 'job-1' },
    ];
    expect(jobIdOf(anEvent({ container: { environment } }))).toBe('job-1');
  });

  it.each<Detail['container']>([
    undefined,
    null,
    {},
    { environment: null },
    { environment: [] },
    { environment: [{ name: 'BUCKET', value: 'pictures' }] },
    { environment: [{ name: 'JOB_ID', value: '' }] },
    { environment: [{ name: 'JOB_ID' }] },
  ])("is not the workflow's with the container %j", (container) => {
    expect(jobIdOf(anEvent({ container }))).toBeUndefined();
  });
});
