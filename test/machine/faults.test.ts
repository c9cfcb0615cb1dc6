import { afterEach, describe, expect, it } from 'vitest';
import { jobKey } from '../../functions/core/storage/keys.ts';
import type { DrillEvent } from '../../local/start.ts';
import { type Machine, openMachine } from './harness.ts';

describe('the state machine, under faults', () => {
  let machine: Machine | undefined;
  const open = async (...drill: DrillEvent[]) => {
    machine = await openMachine(drill);
    return machine;
  };
  afterEach(async () => {
    await machine?.close();
    machine = undefined;
  });

  it('resumes in another pool after an interruption and renders no image twice', async () => {
    const { run, receipt, manifest, record } = await open({ kind: 'interrupt', afterImages: 2, noticeSeconds: 20 });
    const { status, queues, jobId, states } = await run({ prompt: 'a star', count: 30 });
    expect(status).toBe('SUCCEEDED');
    expect(queues).toHaveLength(2);
    expect(queues[1]).not.toBe(queues[0]);
    expect(states.filter((state) => state === 'Find missing images')).toHaveLength(2);
    const { attempts } = await receipt(jobId);
    expect(attempts.map((attempt) => [attempt.outcome, attempt.billed])).toEqual([
      ['SpotInterrupted', false],
      ['Succeeded', true],
    ]);
    expect(await record(jobId, 0, 1)).toMatchObject({ outcome: 'SpotInterrupted' });
    const lines = await manifest(jobId);
    expect(new Set(lines.map((line) => line.pool)).size).toBe(2);
    expect(lines.every((line) => line.status === 'delivered')).toBe(true);
  });

  it('goes on in another pool when the host is gone without a word', async () => {
    const { run, receipt } = await open({ kind: 'lose', afterImages: 1 });
    const { status, jobId } = await run({ prompt: 'a star', count: 8 });
    expect(status).toBe('SUCCEEDED');
    expect((await receipt(jobId)).attempts.map((attempt) => attempt.outcome)).toEqual(['SpotInterrupted', 'Succeeded']);
  });

  it('tries another zone when capacity is refused', async () => {
    const { run } = await open({ kind: 'capacity', pool: '*' });
    const { status, queues } = await run({ prompt: 'a star' });
    expect(status).toBe('SUCCEEDED');
    expect(new Set(queues).size).toBe(2);
  });

  it('goes up in memory once when the GPU is too small', async () => {
    const { run, receipt } = await open({ kind: 'fault', exitCode: 81, attempt: 1 });
    const { status, jobId } = await run({ prompt: 'a star' });
    expect(status).toBe('SUCCEEDED');
    const [first, second] = (await receipt(jobId)).attempts;
    expect(first).toMatchObject({ outcome: 'GpuOutOfMemory', pool: expect.stringContaining('g4dn.xlarge') });
    expect(second?.pool).not.toContain('g4dn.xlarge');
  });

  it('stops at a fault of the job and ends FAILED under its name, with a requeue file', async () => {
    const { run, bucket } = await open({ kind: 'fault', exitCode: 83 });
    const { status, description, queues, states, jobId } = await run({ prompt: 'a star' });
    expect(status).toBe('FAILED');
    expect(description).toMatchObject({ error: 'GenerationFailed', cause: expect.stringContaining('83') });
    expect(queues).toHaveLength(1);
    expect(states).toContain('Send notification');
    expect(await bucket.read(jobKey(jobId, 'requeue.jsonl'))).toContain('a star');
  });

  it('leaves the siblings alone when one shard fails', async () => {
    const { run, receipt } = await open({ kind: 'fault', exitCode: 83 });
    const { status, jobId } = await run({ prompts: ['a star', { prompt: 'a hut', model: 'sd-1.5' }] });
    expect(status).toBe('FAILED');
    expect(await receipt(jobId)).toMatchObject({ images: 2, delivered: 1, failed: 1, status: 'failed' });
  });
});
