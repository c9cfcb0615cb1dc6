import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecipes } from '../../functions/core/input/recipes-file.ts';
import { imageKey } from '../../functions/core/storage/keys.ts';
import { type Execution, type Machine, openMachine } from './harness.ts';

/** What a person is shown of a state in the console's panel. The plan and a pick carry five ranked pools, the others no list. */
const longest: Readonly<Record<string, number>> = {
  'Plan job': 3000,
  'Plan only?': 3000,
  'One execution?': 3000,
  'Pick spot pool': 2200,
  'Run GPU job': 2400,
};
const longestOther = 600;

const outputsOf = ({ events }: Execution) =>
  events.flatMap(({ stateExitedEventDetails: exited }) =>
    exited?.name && exited.output
      ? [{ state: exited.name, text: exited.output, output: JSON.parse(exited.output) }]
      : [],
  );

describe('what the console shows of a job', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openMachine();
  });
  afterAll(async () => {
    await machine.close();
  });

  it('is small in every state, and begins with the pool, the cost and the counts', async () => {
    const run = await machine.run({
      prompts: ['tiny', 'sd-1.5'].map((model) => ({ prompt: 'a hut', model })),
      count: 3,
    });
    expect(run.status).toBe('SUCCEEDED');
    const outputs = outputsOf(run);
    expect(new Set(outputs.map(({ state }) => state)).size).toBeGreaterThan(14);
    for (const { state, text } of outputs) {
      expect(Buffer.byteLength(text), `${state}: ${text}`).toBeLessThan(longest[state] ?? longestOther);
    }
    const of = (name: string) => outputs.find(({ state }) => state === name)?.output ?? {};
    expect(Object.keys(of('Plan job')).slice(0, 3)).toEqual(['pool', 'images', 'costUsd']);
    expect(of('Plan job')).toMatchObject({ images: 6, spentUsd: 0 });
    expect(Object.keys(of('Pick spot pool')).slice(0, 3)).toEqual(['shard', 'missing', 'pick']);
    expect(Object.keys(of('Settle attempt')).slice(0, 2)).toEqual(['shard', 'step']);
    expect(of('Settle attempt').step).toMatchObject({ outcome: 'Succeeded', images: 3, usd: expect.any(Number) });
    expect(of('Shard closed')).toMatchObject({ images: 3, outcome: 'Succeeded', failures: [] });
    for (const state of ['Close job', 'Send notification', 'Job delivered']) {
      expect(of(state)).toMatchObject({ status: 'delivered', delivered: 6, report: expect.any(String) });
      expect(of(state)).not.toHaveProperty('message');
    }
  });

  it('names a picture that is no picture, and the job goes on', async () => {
    const input = { prompt: 'a hut on a hill', count: 3 };
    const planned = await machine.run({ ...input, mode: 'plan' });
    const [first, second] = await readRecipes(machine.bucket, planned.jobId);
    const [one, two] = [first?.hash ?? '', second?.hash ?? ''];
    for (const hash of [one, two]) await machine.bucket.write(imageKey(hash), 'no picture');
    const run = await machine.run(input);
    expect(run.status).toBe('SUCCEEDED');
    const of = (name: string) => outputsOf(run).find(({ state }) => state === name)?.output ?? {};
    const named = [one, two].map((hash) => `${imageKey(hash)}: Expected a PNG, got other bytes`);
    expect(of('Make thumbnails').unreadable).toEqual({ count: 2, examples: named });
    expect(of('Shard closed')).toMatchObject({ unreadable: 2, example: named[0] });
    expect(of('Generate images').unreadable).toEqual([named[0]]);
  });

  it.each([
    ['night-team', 'night-team'],
    [undefined, 'all'],
    [7, 'all'],
  ])('tells of a scheduled job that is refused those whom it names: %j are told as `%s`', async (notify, told) => {
    const schedule = { name: 'nightly', time: '2026-11-26T22:00:00Z' };
    const run = await machine.run({ prompts: ['fine', ''], schedule, notify });
    expect(run.status).toBe('FAILED');
    const [sent, ...more] = run.events.flatMap(({ taskScheduledEventDetails: task }) =>
      task?.resourceType === 'sns' ? [JSON.parse(task.parameters ?? '{}')] : [],
    );
    expect(more).toEqual([]);
    expect((await machine.receipt(run.jobId)).schedule).toEqual(schedule);
    const name = notify === 7 ? 'InvalidJob' : 'InvalidPrompt';
    expect(sent.Subject).toBe(`[spot-diffusion] Failed: ${name}, nothing was rendered (${run.jobId})`.slice(0, 99));
    expect(sent.MessageStructure).toBe('json');
    const { default: text, https } = JSON.parse(sent.Message);
    expect(text).toContain('`prompts[1]');
    expect(JSON.parse(https)).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: { keywords: ['spot-diffusion', 'failed'] },
    });
    expect(sent.MessageAttributes).toEqual({
      status: { DataType: 'String', StringValue: 'failed' },
      notify: { DataType: 'String', StringValue: told },
      error: { DataType: 'String', StringValue: name },
    });
  });
});
