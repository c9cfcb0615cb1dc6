import { BatchClient } from '@aws-sdk/client-batch';
import { afterEach, describe, expect, it } from 'vitest';
import { makeBatchQueue } from '../../../functions/adapters/batch-queue.ts';
import { type HttpStub, startStub } from './http-stub.ts';

interface Summary {
  readonly jobId?: string;
  readonly status?: string;
}

describe('the queue on AWS Batch', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function queueWith(pages: readonly (readonly Summary[])[]) {
    stub = await startStub(({ url, body }) => {
      if (!url.endsWith('/listjobs')) return { body: '{}' };
      const page = Number(JSON.parse(body).nextToken ?? 0);
      const nextToken = page + 1 < pages.length ? String(page + 1) : undefined;
      return { body: JSON.stringify({ jobSummaryList: pages[page], nextToken }) };
    });
    return makeBatchQueue(new BatchClient(stub.client));
  }
  const sent = (operation: string) =>
    (stub?.requests ?? []).filter(({ url }) => url.endsWith(operation)).map(({ body }) => JSON.parse(body));

  it('ends the job of that name in that queue, with the reason', async () => {
    const queue = await queueWith([[{ jobId: 'b-1', status: 'RUNNING' }]]);
    expect(await queue.terminate('q', 'job-1-s0-a1', 'why')).toBe(true);
    expect(sent('/listjobs')).toEqual([{ jobQueue: 'q', filters: [{ name: 'JOB_NAME', values: ['job-1-s0-a1'] }] }]);
    expect(sent('/terminatejob')).toEqual([{ jobId: 'b-1', reason: 'why' }]);
  });

  it.each(['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'])('ends a job that is %s', async (status) => {
    expect(await (await queueWith([[{ jobId: 'b', status }]])).terminate('q', 'n', 'why')).toBe(true);
    expect(sent('/terminatejob')).toHaveLength(1);
  });

  it.each(['SUCCEEDED', 'FAILED'])('leaves a job that is over: %s', async (status) => {
    expect(await (await queueWith([[{ jobId: 'b', status }]])).terminate('q', 'n', 'why')).toBe(false);
    expect(sent('/terminatejob')).toEqual([]);
  });

  it('says that there was none', async () => {
    expect(await (await queueWith([[]])).terminate('q', 'n', 'why')).toBe(false);
    await stub?.stop();
    expect(await (await queueWith([[{ status: 'RUNNING' }]])).terminate('q', 'n', 'why')).toBe(false);
  });

  it('ends every job of that name that is not over', async () => {
    const queue = await queueWith([
      [{ jobId: 'a', status: 'FAILED' }, { jobId: 'b', status: 'RUNNING' }, { jobId: 'c' }],
    ]);
    expect(await queue.terminate('q', 'n', 'why')).toBe(true);
    expect(sent('/terminatejob').map(({ jobId }) => jobId)).toEqual(['b', 'c']);
  });

  it('looks at every page: Batch may give an empty one with a token', async () => {
    const queue = await queueWith([[], [{ jobId: 'b', status: 'RUNNING' }]]);
    expect(await queue.terminate('q', 'n', 'why')).toBe(true);
  });

  it('hands on a refusal of AWS', async () => {
    stub = await startStub(() => ({ status: 403, body: '{"message":"no"}' }));
    await expect(makeBatchQueue(new BatchClient(stub.client)).terminate('q', 'n', 'why')).rejects.toThrow();
  });
});
