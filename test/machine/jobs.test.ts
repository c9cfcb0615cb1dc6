import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageKey, recipesKey } from '../../functions/core/storage/keys.ts';
import { type Machine, openMachine } from './harness.ts';

describe('the state machine, executed', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openMachine();
  });
  afterAll(async () => {
    await machine.close();
  });

  it('goes the straight way for one prompt', async () => {
    const { status, states, jobId, description } = await machine.run({ prompt: 'a red circle' });
    expect(status).toBe('SUCCEEDED');
    expect(states).toEqual([
      'Validate prompts',
      'Repeated delivery?',
      'Plan job',
      'Plan only?',
      'One execution?',
      'Generate images',
      'Find missing images',
      'Anything missing?',
      'Pick spot pool',
      'Run GPU job',
      'Settle attempt',
      'Try another pool?',
      'Make thumbnails',
      'More thumbnails?',
      'Shard closed',
      'Close job',
      'Anybody to tell?',
      'Send notification',
      'Everything delivered?',
      'Job delivered',
    ]);
    const output = JSON.parse(description.output ?? '');
    expect(output).toMatchObject({ jobId, status: 'delivered', images: 1, delivered: 1, failed: 0 });
    expect(output).not.toHaveProperty('message');
    const [line] = await machine.manifest(jobId);
    expect(await machine.bucket.exists(imageKey(line?.hash ?? ''))).toBe(true);
    expect(await machine.bucket.exists(`thumbnails/512/${line?.hash}.webp`)).toBe(true);
  });

  it('renders two prompts in one shard, in one attempt', async () => {
    const { status, jobId, queues } = await machine.run({ prompts: ['a blue star', { prompt: 'a ring', seed: 3 }] });
    expect(status).toBe('SUCCEEDED');
    expect(queues).toHaveLength(1);
    const manifest = await machine.manifest(jobId);
    expect(manifest.map((line) => [line.prompt, line.seed, line.status])).toEqual([
      ['a blue star', 0, 'delivered'],
      ['a ring', 3, 'delivered'],
    ]);
  });

  it('pays nothing for images that were rendered before', async () => {
    await machine.run({ prompt: 'a cross', count: 2 });
    const { status, states, jobId, queues } = await machine.run({ prompt: 'a cross', count: 2 });
    expect(status).toBe('SUCCEEDED');
    expect(queues).toEqual([]);
    expect(states).not.toContain('Pick spot pool');
    expect(await machine.receipt(jobId)).toMatchObject({ delivered: 2, reused: 2, usd: 0, attempts: [] });
  });

  it('maps over several shards, one model in each', async () => {
    const models = ['tiny', 'sd-1.5', 'sdxl'];
    const { status, states, jobId } = await machine.run({
      prompts: models.map((model) => ({ prompt: 'a hut', model })),
    });
    expect(status).toBe('SUCCEEDED');
    expect(states.filter((state) => state === 'Run GPU job')).toHaveLength(3);
    const { attempts, delivered } = await machine.receipt(jobId);
    expect(delivered).toBe(3);
    expect(attempts.map((attempt) => attempt.shard)).toEqual([0, 1, 2]);
  });

  it('makes one job of a scheduled time that is delivered twice', async () => {
    const input = { prompt: 'a night star', schedule: { name: 'night', time: '2026-11-24T22:00:00Z' } };
    const first = await machine.run(input);
    const second = await machine.run(input);
    expect([first.status, second.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(second.states).toEqual(['Validate prompts', 'Repeated delivery?', 'Already started']);
    expect(JSON.parse(second.description.output ?? '')).toMatchObject({ repeatOf: first.jobId });
    expect([first.queues.length, second.queues.length]).toEqual([1, 0]);
    expect(await machine.bucket.list(`jobs/${second.jobId}/`)).toEqual([]);
  });

  it('tells of a scheduled job that is refused, each time that it is delivered', async () => {
    const input = { prompt: '', schedule: { name: 'night', time: '2026-11-25T22:00:00Z' } };
    for (const { description, states } of [await machine.run(input), await machine.run(input)]) {
      expect(description.error).toBe('InvalidPrompt');
      expect(states).toContain('Send notification');
    }
  });

  it('answers a plan and renders nothing', async () => {
    const { status, states, description, jobId } = await machine.run({
      prompt: 'a green ring',
      count: 40,
      mode: 'plan',
    });
    expect(status).toBe('SUCCEEDED');
    expect(states.at(-1)).toBe('Plan ready');
    const plan = JSON.parse(description.output ?? '');
    expect(plan.spentUsd).toBe(0);
    expect(plan.ranked[0].why).toContain('cheapest image');
    expect(plan.costUsd.p50).toBeLessThan(plan.costUsd.onDemand);
    expect(await machine.bucket.list(`jobs/${jobId}/shards/`)).toEqual([]);
  });

  it('refuses an invalid input with all problems, before anything is written', async () => {
    const prompts = ['fine', '', { prompt: 'x', steps: 0 }];
    const { status, description, states, jobId } = await machine.run({ prompts, width: 65 });
    expect(status).toBe('FAILED');
    expect(description.error).toBe('InvalidPrompt');
    for (const path of ['prompts[1].prompt', 'prompts[2].steps', 'width']) expect(description.cause).toContain(path);
    expect(states).toEqual([
      'Validate prompts',
      'Close job',
      'Anybody to tell?',
      'Send notification',
      'Everything delivered?',
      'Job failed',
    ]);
    expect(await machine.bucket.exists(recipesKey(jobId))).toBe(false);
  });

  it('calls a job that names an unknown field an InvalidJob', async () => {
    const { description } = await machine.run({ prompt: 'x', size: 64 });
    expect(description).toMatchObject({ error: 'InvalidJob', cause: expect.stringContaining('`size`') });
  });

  it('stops at the limit: an attempt that may pass `maxUsd` does not start', async () => {
    const { status, description, queues, jobId } = await machine.run({ prompt: 'a dear star', maxUsd: 0.0001 });
    expect(status).toBe('FAILED');
    expect(description.error).toBe('BudgetExceeded');
    expect(queues).toEqual([]);
    const requeue = await machine.bucket.read(`jobs/${jobId}/requeue.jsonl`);
    expect(requeue).toContain('a dear star');
  });

  it('finds no pool below `maxUsdPerHour` and says why for each', async () => {
    const { description } = await machine.run({ prompt: 'a cheap star', maxUsdPerHour: 0.001 });
    expect(description.error).toBe('NoEligiblePool');
    expect(description.cause).toContain('`maxUsdPerHour` is $0.0010');
  });
});
