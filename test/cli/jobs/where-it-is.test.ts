import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionArnOf } from '../../../functions/core/execution-arn.ts';
import { STATE_MACHINE_ARN } from '../../../local/names.ts';
import { until } from '../../machine/calls.ts';
import { type ServedStack, serveStack } from '../a-stack.ts';
import { command, run, toResult } from '../command.ts';

describe('the commands on a job, where it is', () => {
  let stack: ServedStack;
  let place: ServedStack['place'];
  let executions: SFNClient;
  let aws: Readonly<Record<string, string>>;
  let state: readonly string[];

  beforeAll(async () => {
    stack = await serveStack({ outputs: { InterruptTemplateId: 'EXT123' } });
    ({ place, state } = stack);
    aws = { ...stack.env, PATH: `${place.folder}:${process.env.PATH}` };
    executions = new SFNClient(stack.client);
  }, 180_000);
  afterAll(() => stack.stop());

  const describeJob = (jobId: string) =>
    executions.send(
      new DescribeExecutionCommand({ executionArn: executionArnOf({ stateMachineArn: STATE_MACHINE_ARN }, jobId) }),
    );
  const start = (name: string, input: object) =>
    executions.send(
      new StartExecutionCommand({ stateMachineArn: STATE_MACHINE_ARN, name, input: JSON.stringify(input) }),
    );
  const ended = (jobId: string) =>
    until(async () => {
      const { status } = await describeJob(jobId);
      return status === 'RUNNING' ? undefined : status;
    }, 200);

  it('`cancel` in another terminal stops what `serve` runs; what runs is not resumed; a stopped job goes on there', {
    timeout: 300_000,
  }, async () => {
    await start('far', { prompt: 'a blue ring on a white background', count: 400 });
    for (const verb of ['resume', 'requeue']) {
      const { code, stderr } = await run([verb, 'far', ...state]);
      expect([code, stderr]).toEqual([
        1,
        `Job far still runs. To fix: wait for its end, or \`npm start -- cancel far ${state.join(' ')}\`.\n`,
      ]);
    }
    const canceled = await run(['cancel', 'far', ...state]);
    expect(canceled.code, canceled.stderr).toBe(0);
    expect(canceled.stderr).toMatch(/^Stopped job far\. \d+ of 400 images are there and stay; /);
    expect(canceled.stderr).toContain(`\`npm start -- resume far ${state.join(' ')}\` renders the rest.`);
    expect(await describeJob('far')).toMatchObject({ status: 'ABORTED' });
    const again = await run(['cancel', 'far', '--json', ...state]);
    expect([again.code, again.stdout]).toEqual([0, '{"jobId":"far","stopped":false}\n']);
    expect(again.stderr).toBe('Nothing to stop: job far does not run. It ended ABORTED.\n');

    const resumed = command(['resume', 'far', ...state, '--out', join(place.folder, 'far')], { group: true });
    await resumed.says(/> shard 0 {2}Run GPU job/);
    expect(await describeJob('far-r1')).toMatchObject({ status: 'RUNNING' });
    const stopped = await run(['cancel', 'far-r1', ...state]);
    expect(stopped.code, stopped.stderr).toBe(0);
    expect((await resumed.ended).code).toBe(130);
    // What was served before is served still.
    expect((await run(['cancel', 'far', ...state])).code).toBe(0);
  });

  it('finds bucket and machine by the outputs of a stack, and starts the rest there', {
    timeout: 300_000,
  }, async () => {
    await start('cloud', { prompt: 'a small white cross on a black background', count: 2, maxUsd: 0.0001 });
    expect(await ended('cloud')).toBe('FAILED');
    const onStack = ['--stack', 'spot-diffusion'];
    const asked = await run(['requeue', 'cloud', '--json', ...onStack], { env: aws });
    expect(asked.code, asked.stderr).toBe(0);
    expect(asked.stderr).toContain('`npm start -- resume cloud --stack spot-diffusion` renders them.');
    expect(JSON.parse(asked.stdout)).toEqual({
      jobId: 'cloud',
      images: 2,
      left: 2,
      requeue: 's3://spot-diffusion/jobs/cloud/requeue.jsonl',
    });
    const resumed = await run(['resume', 'cloud', '--max-usd', '1', ...onStack], { env: aws });
    expect([resumed.code, resumed.stdout]).toEqual([0, 'cloud-r1\n']);
    expect(resumed.stderr).toContain('`npm start -- watch cloud-r1 --stack spot-diffusion` shows how it goes.');
    expect(JSON.parse((await describeJob('cloud-r1')).input ?? '')).toMatchObject({ maxUsd: 1 });
    expect(await ended('cloud-r1')).toBe('SUCCEEDED');
    const nothing = await run(['resume', 'cloud', ...onStack], { env: aws });
    expect([nothing.code, nothing.stderr]).toEqual([0, 'Nothing to resume: no image of job cloud is missing.\n']);
  });

  it.each(['resume', 'requeue', 'cancel'])('`%s` of a job that nobody knows says so and ends with 1', async (verb) => {
    const { code, stderr } = await run([verb, 'nobody', ...state]);
    expect(code).toBe(1);
    expect(stderr).toBe('Expected the name of a job, found nothing of `nobody` in s3://spot-diffusion/jobs/.\n');
    const elsewhere = join(place.folder, 'elsewhere');
    const other = await run([verb, 'nobody', '--state', elsewhere]);
    expect([other.code, other.stderr]).toEqual([1, `Expected a job, nothing was rendered in ${elsewhere} yet.\n`]);
  });

  it('`resume` says what a refused job and a plan are', { timeout: 120_000 }, async () => {
    const refused = toResult(await run(['--json', ...place.flags, 'x', '--steps', '0']));
    const resumed = await run(['resume', refused.jobId, ...place.flags]);
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toContain('was refused before it had images (InvalidPrompt: ');
    const plan = toResult(await run(['plan', '--json', ...state, 'a star']));
    const planned = await run(['resume', plan.jobId, ...place.flags]);
    expect([planned.code, planned.stderr]).toEqual([1, expect.stringContaining(`Job ${plan.jobId} was a plan`)]);
  });

  it('is where the next job runs, too: two workflows on one folder would not see each other', async () => {
    const planned = await run(['plan', '--json', ...state, 'a star']);
    expect(planned.code, planned.stderr).toBe(0);
    expect(await describeJob(toResult(planned).jobId)).toMatchObject({ status: 'SUCCEEDED' });
    const rehearsed = await run([...place.flags, '--drill', 'kill@1', 'a star']);
    expect(rehearsed.code).toBe(1);
    expect(rehearsed.stderr).toContain('need a workflow of their own. To fix: end it, or set `--state`.');
  });

  it('says where it looked for a stack that is not there', async () => {
    const { code, stderr } = await run(['requeue', 'cloud', '--stack', 'other'], { env: aws });
    expect(code).toBe(1);
    expect(stderr).toContain('Expected the stack `other` in us-east-1: ');
    expect(stderr).toContain('`AWS_REGION`');
    expect(stderr).not.toContain('    at ');
  });

  it('`drill` says what it takes before it takes it, and starts the experiment of the stack with `--yes`', {
    timeout: 120_000,
  }, async () => {
    const tool = join(place.folder, 'aws');
    await writeFile(tool, `#!/bin/sh\necho "$@" > ${tool}.said\necho '{"experiment":{"id":"EXP1"}}'\n`);
    await chmod(tool, 0o755);
    const said = () => readFile(`${tool}.said`, 'utf8').catch(() => 'nothing');
    const drill = (...args: readonly string[]) => run(['drill', ...args], { env: aws });
    expect((await drill('rehearsed')).stderr).toBe('Expected job rehearsed to run, it does not. Running: none.\n');
    await start('rehearsed', { prompt: 'a pink star', count: 900 });
    const asked = await drill('rehearsed', '--json');
    expect([asked.code, asked.stdout, await said()]).toEqual([
      2,
      '{"jobId":"rehearsed","experiment":null}\n',
      'nothing',
    ]);
    expect(asked.stderr).toContain('takes one running Spot instance of job rehearsed');
    expect(asked.stderr).toContain('Nothing was done');
    const done = await drill('rehearsed', '--yes');
    expect([done.code, done.stderr.split('\n').at(-2)]).toEqual([
      0,
      'Started experiment EXP1: `aws fis get-experiment --id EXP1`.',
    ]);
    expect(await said()).toBe(
      'fis start-experiment --region us-east-1 --output json --experiment-template-id EXT123 --tags Name=spot-diffusion-drill,job=rehearsed\n',
    );
    await start('bystander', { prompt: 'a pink ring', count: 900 });
    const crowded = await drill('rehearsed', '--yes');
    expect([crowded.code, crowded.stderr]).toEqual([1, expect.stringContaining('Running too: bystander.')]);
  });
});
