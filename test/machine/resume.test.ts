import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJobFiles } from '../../cli/jobs/job-files.ts';
import { countLeft, writeRequeue } from '../../cli/jobs/requeue.ts';
import { toResumedInput } from '../../cli/jobs/resumed-input.ts';
import { jobKey } from '../../functions/core/storage/keys.ts';
import { until } from './calls.ts';
import { type Machine, openMachine } from './harness.ts';

describe('a job that is resumed from its files in the bucket', { timeout: 300_000 }, () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openMachine();
  });
  afterAll(() => machine.close());

  const files = async (jobId: string) => {
    const found = await readJobFiles(machine.bucket, jobId);
    if (!found) throw new Error(`Expected the files of ${jobId}`);
    return found;
  };

  // Not tried again: it would find the pictures of the first time.
  it('renders only what is missing, and is a job of its own with its own receipt', { retry: 0 }, async () => {
    const { start, finish, executions, receipt, bucket } = machine;
    const executionArn = await start({ prompt: 'a {red|blue} star', count: 40, maxUsd: 2, notify: 'me' }, 'night');
    await until(async () => (await bucket.list('images/')).length > 2 || undefined);
    await executions.send(new StopExecutionCommand({ executionArn }));
    await finish(executionArn);
    await until(async () => (await bucket.exists(jobKey('night', 'receipt.json'))) || undefined);
    const first = await receipt('night');
    const before = await files('night');
    expect(countLeft(before)).toBe(first.failed);
    const input = toResumedInput(before, {}, { bucket: bucket.name, now: Date.now() });
    expect(input).toMatchObject({ promptsFile: 's3://spot-diffusion/jobs/night/requeue.jsonl', notify: 'me' });
    expect(input).toHaveProperty('maxUsd', Number((2 - first.usd).toFixed(6)));
    await writeRequeue(bucket, before);
    expect((await finish(await start(input, 'night-r1'))).status).toBe('SUCCEEDED');
    expect(await receipt('night-r1')).toMatchObject({ images: first.failed, delivered: first.failed, reused: 0 });
    expect(await receipt('night')).toEqual(first);
    const after = await files('night');
    expect(after.resumedBy).toEqual(['night-r1']);
    expect(countLeft(after)).toBe(0);
    expect(after.manifest).toHaveLength(80);
    expect((await files('night-r1')).jobId).toBe('night');
  });

  it('needs no receipt: a job that never closed is left with what the bucket lacks', async () => {
    const { run, bucket } = machine;
    const { jobId } = await run({ prompt: 'a lone ring', count: 3 });
    // As a machine that was switched off leaves it: recipes and shards, no word of an end.
    for (const name of ['job.json', 'recipes.jsonl', 'shards/00000.json']) {
      await bucket.write(jobKey('open', name), (await bucket.read(jobKey(jobId, name))) ?? '');
    }
    const open = await files('open');
    expect(open.receipt).toBeUndefined();
    expect(open.manifest.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(countLeft(open)).toBe(0);
  });
});
