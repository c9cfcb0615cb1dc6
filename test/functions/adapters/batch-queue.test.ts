import { BatchClient } from '@aws-sdk/client-batch';
import { afterEach, describe, expect, it } from 'vitest';
import { makeBatchQueue } from '../../../functions/adapters/batch-queue.ts';
import { type HttpStub, startStub } from './http-stub.ts';

interface Summary {
  readonly jobId?: string;
  readonly status?: string;
  readonly jobName?: string;
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
}

describe('the queue on AWS Batch', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  /** Its jobs are called `n` where nothing else is said. */
  async function queueWith(pages: readonly (readonly Summary[])[]) {
    stub = await startStub(({ url, body }) => {
      if (!url.endsWith('/listjobs')) return { body: '{}' };
      const page = Number(JSON.parse(body).nextToken ?? 0);
      const nextToken = page + 1 < pages.length ? String(page + 1) : undefined;
      return {
        body: JSON.stringify({ jobSummaryList: pages[page]?.map((job) => ({ jobName: 'n', ...job })), nextToken }),
      };
    });
    return makeBatchQueue(new BatchClient(stub.client));
  }
  const sent = (operation: string) =>
    (stub?.requests ?? []).filter(({ url }) => url.endsWith(operation)).map(({ body }) => JSON.parse(body));

  it('ends the job of that name in that queue, with the reason', async () => {
    const times = { createdAt: 1, startedAt: 2, stoppedAt: 3 };
    const queue = await queueWith([[{ jobId: 'b-1', status: 'RUNNING', jobName: 'job-1-s0-a1', ...times }]]);
    expect(await queue.terminate('q', 'job-1-s0-a1', 'why')).toEqual({
      id: 'b-1',
      jobName: 'job-1-s0-a1',
      queue: 'q',
      status: 'RUNNING',
      statusReason: '',
      ...times,
    });
    expect(sent('/listjobs')).toEqual([{ jobQueue: 'q', filters: [{ name: 'JOB_NAME', values: ['job-1-s0-a1'] }] }]);
    expect(sent('/terminatejob')).toEqual([{ jobId: 'b-1', reason: 'why' }]);
  });

  it.each(['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'])('ends a job that is %s', async (status) => {
    expect(await (await queueWith([[{ jobId: 'b', status }]])).terminate('q', 'n', 'why')).toMatchObject({
      status,
    });
    expect(sent('/terminatejob')).toHaveLength(1);
  });

  it.each(['SUCCEEDED', 'FAILED'])('leaves a job that is over: %s', async (status) => {
    expect(await (await queueWith([[{ jobId: 'b', status }]])).terminate('q', 'n', 'why')).toMatchObject({
      status,
    });
    expect(sent('/terminatejob')).toEqual([]);
  });

  it('leaves the job of another whose name differs by a capital: the filter of Batch finds it, too', async () => {
    const queue = await queueWith([[{ jobId: 'b-1', status: 'RUNNING', jobName: 'Night-s0-a1' }]]);
    expect(await queue.terminate('q', 'night-s0-a1', 'why')).toBeUndefined();
    expect(sent('/terminatejob')).toEqual([]);
  });

  it('finds the newest job of a name and leaves it alone', async () => {
    const older = { jobId: 'b-1', status: 'FAILED', jobName: 'n', createdAt: 1 };
    const newer = { jobId: 'b-2', status: 'RUNNABLE', jobName: 'n', createdAt: 2 };
    const queue = await queueWith([[older], [newer]]);
    expect(await queue.find('q', 'n')).toMatchObject({ id: 'b-2', status: 'RUNNABLE' });
    expect(sent('/terminatejob')).toEqual([]);
    await stub?.stop();
    expect(await (await queueWith([[]])).find('q', 'n')).toBeUndefined();
  });

  it('says that there was none', async () => {
    expect(await (await queueWith([[]])).terminate('q', 'n', 'why')).toBeUndefined();
    await stub?.stop();
    expect(await (await queueWith([[{ status: 'RUNNING' }]])).terminate('q', 'n', 'why')).toBeUndefined();
  });

  it('ends every job of that name that is not over, and tells of the newest', async () => {
    const queue = await queueWith([
      [{ jobId: 'a', status: 'FAILED', createdAt: 1 }, { jobId: 'b', status: 'RUNNING', createdAt: 2 }, { jobId: 'c' }],
    ]);
    expect(await queue.terminate('q', 'n', 'why')).toMatchObject({ id: 'b' });
    expect(sent('/terminatejob').map(({ jobId }) => jobId)).toEqual(['b', 'c']);
  });

  it('looks at every page: Batch may give an empty one with a token', async () => {
    const queue = await queueWith([[], [{ jobId: 'b', status: 'RUNNING' }]]);
    expect(await queue.terminate('q', 'n', 'why')).toMatchObject({ id: 'b' });
  });

  describe('a job by its id', () => {
    const detail = {
      jobId: 'b-1',
      jobName: 'job-1-s0-a1',
      jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/q',
      status: 'RUNNABLE',
      statusReason: 'UNDETERMINED',
      createdAt: 1000,
    };
    async function describeAs(jobs: readonly object[]) {
      stub = await startStub(() => ({ body: JSON.stringify({ jobs }) }));
      return makeBatchQueue(new BatchClient(stub.client)).describe('b-1');
    }

    it('is described as Batch sees it now', async () => {
      const seen = { id: 'b-1', jobName: 'job-1-s0-a1', queue: 'q', status: 'RUNNABLE', createdAt: 1000 };
      expect(await describeAs([detail])).toEqual({ ...seen, statusReason: 'UNDETERMINED', startedAt: undefined });
      expect(sent('/describejobs')).toEqual([{ jobs: ['b-1'] }]);
      await stub?.stop();
      expect((await describeAs([{ ...detail, statusReason: undefined, startedAt: 5 }]))?.statusReason).toBe('');
    });

    it('is nothing once Batch has forgotten it', async () => {
      expect(await describeAs([])).toBeUndefined();
    });

    it('is cancelled, not terminated: one that started meanwhile goes on', async () => {
      const queue = await queueWith([]);
      await queue.cancel('b-1', 'x'.repeat(2000));
      expect(sent('/canceljob')).toEqual([{ jobId: 'b-1', reason: 'x'.repeat(1024) }]);
      expect(sent('/terminatejob')).toEqual([]);
    });
  });

  it('cancels all of a queue that wait, each once, over all pages', async () => {
    const waiting: Record<string, readonly (readonly string[])[]> = {
      SUBMITTED: [['s-1']],
      PENDING: [[], ['p-1']],
      RUNNABLE: [['s-1', 'r-1'], ['r-2']],
    };
    stub = await startStub(({ url, body }) => {
      if (!url.endsWith('/listjobs')) return { body: '{}' };
      const { jobStatus, nextToken } = JSON.parse(body);
      const pages = waiting[jobStatus] ?? [];
      const page = Number(nextToken ?? 0);
      const more = page + 1 < pages.length ? String(page + 1) : undefined;
      const jobSummaryList = [...(pages[page] ?? []).map((jobId) => ({ jobId })), {}];
      return { body: JSON.stringify({ jobSummaryList, nextToken: more }) };
    });
    const queue = makeBatchQueue(new BatchClient(stub.client));
    expect(await queue.cancelWaiting('q', 'why')).toBe(4);
    expect(sent('/canceljob').map(({ jobId, reason }) => `${jobId} ${reason}`)).toEqual(
      ['s-1', 'p-1', 'r-1', 'r-2'].map((id) => `${id} why`),
    );
    expect(new Set(sent('/listjobs').map(({ jobQueue }) => jobQueue))).toEqual(new Set(['q']));
  });

  it('hands on a refusal of AWS', async () => {
    stub = await startStub(() => ({ status: 403, body: '{"message":"no"}' }));
    await expect(makeBatchQueue(new BatchClient(stub.client)).terminate('q', 'n', 'why')).rejects.toThrow();
  });
});
