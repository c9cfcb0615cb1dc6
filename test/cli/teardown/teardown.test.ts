import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeS3 } from '../../../cli/target/objects.ts';
import { statusOf } from '../../../cli/target/target.ts';
import type { Leftover } from '../../../cli/teardown/leftovers/leftover.ts';
import { BUCKET, STATE_MACHINE_ARN, TABLE } from '../../../local/names.ts';
import { startStub } from '../../functions/adapters/http-stub.ts';
import { type ServedStack, serveStack, stackName } from '../a-stack.ts';
import { run } from '../command.ts';
import { bucket, bystander, logGroup, makeLeftovers, objects, ofAPerson, orphanedLog, table } from './leave-behind.ts';

let stack: ServedStack;
beforeAll(async () => {
  stack = await serveStack({
    resources: { Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: logGroup } } },
  });
  await makeLeftovers(stack.client);
}, 120_000);
afterAll(() => stack.stop());

const teardown = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(['teardown', ...args, '--stack', stackName], { env: { ...stack.env, ...env } });

const bucketNames = async () => {
  const { Buckets = [] } = await makeS3(stack.client).send(new ListBucketsCommand());
  return Buckets.map(({ Name }) => Name);
};

describe('teardown of a stack', () => {
  it('refuses to delete while it only looks', async () => {
    const { code, stderr } = await teardown(['--verify', '--yes']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('`--verify` without flags that delete')]);
  });

  it('--verify lists what costs money and what it costs; exit code 1', { timeout: 60_000 }, async () => {
    const { code, stdout } = await teardown(['--verify', '--json']);
    const { leftovers, unread, usdPerMonth, stack: stands } = JSON.parse(stdout);
    expect([code, unread, stands]).toEqual([1, [], true]);
    const toName = ({ kind, id }: Leftover) => (kind === 'snapshot' ? kind : `${kind} ${id}`);
    const names = leftovers.map(toName);
    expect(names.sort()).toEqual(
      [
        `bucket ${bucket}`,
        `bucket ${BUCKET}`,
        `log group ${logGroup}`,
        `log group ${orphanedLog}`,
        'snapshot',
        `table ${table}`,
        `table ${TABLE}`,
      ].sort(),
    );
    const found = leftovers.find(({ id }: Leftover) => id === bucket);
    expect(found.says).toMatch(new RegExp(`^${objects + 2} objects, `));
    expect(found.usdPerMonth).toBeGreaterThan(0);
    expect(usdPerMonth).toBeGreaterThan(0);
  });

  it('--verify says what it could not look at, which is no "nothing"', { timeout: 60_000 }, async () => {
    const denied = await startStub(() => ({
      status: 400,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
      body: JSON.stringify({ __type: 'AccessDeniedException', message: 'not for you' }),
    }));
    const { code, stdout } = await teardown(['--verify'], { AWS_ENDPOINT_URL_ECR: denied.client.endpoint });
    await denied.stop();
    expect(code).toBe(1);
    expect(stdout).toContain('?  not looked at, may cost money: images in ECR: AccessDeniedException: not for you');
  });

  it('without a yes says what it would do, and does nothing', { timeout: 60_000 }, async () => {
    const { code, stderr, stdout } = await teardown(['--bucket', '--json']);
    expect(code).toBe(2);
    expect(stderr).toContain('`--ledger` or `--everything` asks for them');
    expect(JSON.parse(stdout).would).toEqual([
      'delete 1 schedule: nightly',
      'delete the stack spot-diffusion',
      expect.stringMatching(/^delete golden machine images and their snapshots: ami-\w+$/),
      expect.stringMatching(/^delete the bucket spot-diffusion with \d+ objects, /),
      expect.stringMatching(/^delete the bucket spot-diffusion-storagebucket-1x with 2102 objects, /),
    ]);
    expect(await bucketNames()).toContain(bucket);
    expect((await teardown(['--verify'])).code).toBe(1);
  });

  it('ends jobs, schedules, the stack and what outlives it, and looks again', { timeout: 240_000 }, async () => {
    const executions = new SFNClient(stack.client);
    const input = JSON.stringify({ prompt: 'a blue ring on a white background', count: 400 });
    await executions.send(new StartExecutionCommand({ stateMachineArn: STATE_MACHINE_ARN, name: 'long', input }));
    const { code, stdout, stderr } = await teardown(['--everything', '--yes', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      done: ['schedules', 'jobs', 'stack', 'machine images', 'bucket', 'bucket', 'ledger', 'ledger', 'logs'],
      left: [],
      stack: false,
      leftovers: [],
      unread: [],
      usdPerMonth: 0,
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Now: stop 1 running job: long.\n');
    expect(stderr).toContain(`  gone: ${bucket} and its ${objects + 3} objects\n`);
    expect(await statusOf({ executions, stateMachineArn: STATE_MACHINE_ARN }, 'long')).toBe('ABORTED');
    expect((await bucketNames()).sort()).toEqual([ofAPerson, bystander]);
    const { TableNames } = await new DynamoDBClient(stack.client).send(new ListTablesCommand({}));
    expect(TableNames).toEqual([]);
    const { Schedules } = await new SchedulerClient(stack.client).send(new ListSchedulesCommand({}));
    expect(Schedules).toEqual([]);
    const { logGroups } = await new CloudWatchLogsClient(stack.client).send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/spot-diffusion/' }),
    );
    expect(logGroups).toEqual([]);
  });

  it('never deletes what has our tag and another name; it is listed, as it costs money', {
    timeout: 60_000,
  }, async () => {
    const s3 = makeS3(stack.client);
    const letter = { Bucket: ofAPerson, Key: 'prompts.txt' };
    await s3.send(new PutObjectCommand({ ...letter, Body: 'a star' }));
    const { code, stdout } = await teardown(['--everything', '--yes', '--json']);
    expect([code, JSON.parse(stdout).leftovers]).toMatchObject([
      1,
      [{ id: ofAPerson, fix: `aws s3 rb --force s3://${ofAPerson}` }],
    ]);
    await s3.send(new DeleteObjectCommand(letter));
  });

  it('finds nothing afterwards; exit code 0', { timeout: 60_000 }, async () => {
    const looked = await teardown(['--verify']);
    expect([looked.code, looked.stdout]).toEqual([
      0,
      'Nothing of ours that costs money is in us-east-1. Other regions were not looked at.\n',
    ]);
    const again = await teardown(['--everything']);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('The stack spot-diffusion is not in us-east-1.\nNothing to tear down.\n');
  });
});

describe('teardown of this machine', () => {
  const here = (args: readonly string[]) => run(['teardown', ...args, ...stack.state]);

  it('ends what is served and deletes what we put into the state folder, and nothing else there', {
    timeout: 60_000,
  }, async () => {
    const [, folder = ''] = stack.state;
    await mkdir(join(folder, 'of-a-person'));
    await writeFile(join(folder, 'of-a-person', 'letter.txt'), 'dear');
    await mkdir(join(folder, 'bucket', 'images'), { recursive: true });
    await writeFile(join(folder, 'bucket', 'images', 'kept.png'), 'picture');
    const looked = await here(['--verify']);
    expect(looked.code).toBe(1);
    expect(looked.stdout).toMatch(/runs {3}`serve`, process \d+, on http:\/\/127\.0\.0\.1:\d+\n/);
    const shown = await here(['--everything']);
    expect([shown.code, shown.stderr]).toEqual([2, expect.stringContaining('end `serve` on http://127.0.0.1:')]);
    const kept = await here(['--yes', '--json']);
    expect(kept.code, kept.stderr).toBe(1);
    // The weights of a worker are there if one came so far.
    expect(JSON.parse(kept.stdout)).toMatchObject({
      done: expect.arrayContaining(['serve', 'logs']),
      left: [{ name: 'bucket' }],
      running: [],
    });
    expect((await stack.served.ended).code).toBe(0);
    const gone = await here(['--bucket', '--yes']);
    expect([gone.code, gone.stdout]).toEqual([0, `Nothing of ours runs or lies in ${folder}.\n`]);
    expect(existsSync(join(folder, 'bucket'))).toBe(false);
    expect(existsSync(join(folder, 'of-a-person', 'letter.txt'))).toBe(true);
  });
});
