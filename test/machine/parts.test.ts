import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readJobFiles } from '../../cli/jobs/job-files.ts';
import { countLeft, writeRequeue } from '../../cli/jobs/requeue.ts';
import { toResumedInput } from '../../cli/jobs/resumed-input.ts';
import { partKey, partName } from '../../functions/core/input/parts.ts';
import { jobKey, requeueKey } from '../../functions/core/storage/keys.ts';
import { type Calls, countCalls, until } from './calls.ts';
import { type Machine, openMachine } from './harness.ts';

// Not tried again: a test finds what those before it left, and what it left itself.
describe('a job of more images than one execution handles', { timeout: 300_000, retry: 0 }, () => {
  let machine: Machine;
  let calls: Calls;
  beforeAll(async () => {
    calls = countCalls();
    machine = await openMachine([], { guard: calls.guard, environment: { LOCAL_IMAGES_PER_EXECUTION: '3' } });
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => machine.close());

  const receiptsOf = (jobId: string) => Promise.all([1, 2, 3].map((part) => machine.receipt(partName(jobId, part))));
  const lines = async (key: string) => ((await machine.bucket.read(key)) ?? '').split('\n').filter(Boolean);

  it('is rendered by child executions, one after another, and has one receipt and one message', async () => {
    const { run, receipt, bucket } = machine;
    const schedule = { name: 'nightly', time: '2026-11-26T22:00:00Z' };
    const { jobId, status, states, events } = await run({ prompt: 'a star', count: 8, maxUsd: 5, schedule });
    expect(status).toBe('SUCCEEDED');
    expect(states.filter((state) => state === 'Run part')).toHaveLength(3);
    expect(states).not.toContain('Generate images');
    const whole = await receipt(jobId);
    const parts = await receiptsOf(jobId);
    expect(whole).toMatchObject({ status: 'delivered', images: 8, delivered: 8, reused: 0, failed: 0, schedule });
    expect(whole.parts?.map(({ images, delivered }) => [images, delivered])).toEqual([
      [2, 2],
      [3, 3],
      [3, 3],
    ]);
    expect(parts.map(({ partOf }) => partOf)).toEqual([jobId, jobId, jobId]);
    expect(whole.usd).toBeCloseTo(
      parts.reduce((sum, { usd }) => sum + usd, 0),
      6,
    );
    expect(calls.messages).toBe(1);
    expect(calls.said[0]).toContain('Parts: 3 (3 delivered)');
    expect(await bucket.read(jobKey(jobId, 'report.html'))).toContain(`href="../${jobId}-p001/report.html"`);
    expect(events.length).toBeLessThan(90);
  });

  it('costs nothing the second time: every part finds its images', async () => {
    const { run, receipt } = machine;
    const { jobId, status } = await run({ prompt: 'a star', count: 8 });
    expect(status).toBe('SUCCEEDED');
    expect(await receipt(jobId)).toMatchObject({ delivered: 8, reused: 8, usd: 0 });
  });

  it('is planned whole, and NoEligiblePool is told before anything is spent', async () => {
    const { run, receipt } = machine;
    const planned = await run({ prompt: 'a hut', count: 9, mode: 'plan' });
    const plan = JSON.parse(planned.description.output ?? '{}');
    expect(plan).toMatchObject({ images: 9, parts: 3, shards: [], spentUsd: 0 });
    const { jobId, description, states } = await run({ prompt: 'a hut', count: 9, maxUsdPerHour: 0.01 });
    expect(description.error).toBe('NoEligiblePool');
    expect(states).not.toContain('Next part');
    expect(await receipt(jobId)).toMatchObject({ delivered: 0, failed: 9, usd: 0 });
    expect(await lines(requeueKey(jobId))).toHaveLength(9);
  });

  it('stops where its budget is used up, and lists what is left of all parts', async () => {
    const { run, receipt } = machine;
    const prompts = ['tiny', 'sd-1.5', 'sdxl'].map((model) => ({ prompt: 'a dear hut', model, count: 3 }));
    const { jobId, description } = await run({ prompts, maxUsd: 0.04 });
    expect(description.error).toBe('BudgetExceeded');
    const { delivered, failed, usd } = await receipt(jobId);
    expect(delivered).toBeGreaterThan(0);
    expect(usd).toBeLessThanOrEqual(0.04);
    expect(await lines(requeueKey(jobId))).toHaveLength(failed);
  });

  it('stops after a part that was refused, and lists what is left of it and of those after it', async () => {
    const { start, finish, receipt, bucket } = machine;
    const executionArn = await start({ prompt: 'a fair ring', count: 9 }, 'spoilt');
    const key = partKey('spoilt', 2);
    await until(async () => (await bucket.exists(partKey('spoilt', 3))) || undefined);
    await bucket.write(key, '{"prompt":""}\n');
    const { description, states } = await finish(executionArn);
    expect(description.error).toBe('InvalidJob');
    expect(description.cause).toContain('Part 2 of 3, job spoilt-p002: ');
    expect(states.filter((state) => state === 'Run part')).toHaveLength(2);
    const whole = await receipt('spoilt');
    expect(whole).toMatchObject({ delivered: 3, failed: 6 });
    expect(whole.parts?.map(({ status }) => status)).toEqual(['delivered', 'failed', 'not closed']);
    expect(await lines(requeueKey('spoilt'))).toHaveLength(1 + 3);
  });

  it('ends its part, too, when it is stopped, and says so once', async () => {
    const { start, finish, executions, receipt, bucket } = machine;
    vi.stubEnv('FAKE_MILLISECONDS', '1500');
    const before = calls.messages;
    const executionArn = await start({ prompt: 'a slow ring', count: 9 }, 'stopped-parts');
    const second = partName('stopped-parts', 2);
    const first = await until(
      async () => (await bucket.read(jobKey(partName('stopped-parts', 1), 'receipt.json'))) || undefined,
    );
    const there = (await bucket.list('images/')).length;
    await until(async () => (await bucket.list('images/')).length > there || undefined);
    await executions.send(new StopExecutionCommand({ executionArn, cause: 'enough' }));
    expect((await finish(executionArn)).status).toBe('ABORTED');
    await until(async () => (await bucket.exists(jobKey('stopped-parts', 'receipt.json'))) || undefined);
    const child = await finish(executionArn.replace('stopped-parts', second));
    expect(child.status).toBe('ABORTED');
    const whole = await receipt('stopped-parts');
    expect(whole.failure).toEqual({ error: 'JobCanceled', cause: 'enough' });
    expect((await receipt(second)).failure).toMatchObject({ error: 'JobCanceled' });
    expect(whole.parts?.map(({ status }) => status)).toEqual(['delivered', 'failed', 'not closed']);
    expect(whole.usd).toBeCloseTo(JSON.parse(first).usd + (await receipt(second)).usd, 6);
    expect(await lines(requeueKey('stopped-parts'))).toHaveLength(whole.failed);
    await until(() => calls.messages > before || undefined);
    expect(calls.messages).toBe(before + 1);
  });

  it('is resumed by its name: a job of its own renders what is left of all parts, in parts again', async () => {
    const { start, finish, receipt, bucket } = machine;
    const files = await readJobFiles(bucket, 'stopped-parts');
    if (!files) throw new Error('Expected the files of the job');
    const before = await receipt('stopped-parts');
    const left = countLeft(files);
    expect(files.manifest).toHaveLength(9);
    // What a worker put last, the receipt may not know.
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(before.failed);
    // Sums of three receipts, each rounded to a millionth.
    expect(files.spentUsd).toBeCloseTo(before.usd, 5);
    const input = toResumedInput(files, {}, { bucket: bucket.name, now: Date.now() });
    await writeRequeue(bucket, files);
    const { status, states } = await finish(await start(input, 'stopped-parts-r1'));
    expect(status).toBe('SUCCEEDED');
    expect(states).toContain('Run part');
    expect(await receipt('stopped-parts-r1')).toMatchObject({ delivered: left });
    const after = await readJobFiles(bucket, 'stopped-parts-r1');
    expect([after?.jobId, after?.manifest.filter(({ status }) => status === 'failed')]).toEqual(['stopped-parts', []]);
  });
});
