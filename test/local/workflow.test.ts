import { execFile, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOPIC_ARN } from '../../local/names.ts';
import { aClient, aStack, fixtures, isProcessAlive, runExecution, until } from './harness.ts';

const repoDir = path.resolve(import.meta.dirname, '../..');
const python = path.join(repoDir, '.venv', 'bin', 'python');
const queue = 'spot-diffusion-use1-az4-g6-xlarge-spot';
let local: Awaited<ReturnType<typeof aStack>>;
beforeAll(async () => {
  local = await aStack({ drill: [{ kind: 'lose', afterImages: 3 }], timeScale: 0.001 });
});
afterAll(() => local.end());

const pidOf = (jobName: string) =>
  until(async () => {
    const log = await readFile(path.join(local.stateDir, 'logs', `${jobName}.log`), 'utf8').catch(() => '');
    return Number(/^worker (\d+)/m.exec(log)?.[1]) || undefined;
  });

describe('an execution', () => {
  it('invokes the bundled function, with the names of the stack substituted', async () => {
    const { status, output = '' } = await runExecution(local, { function: 'echo' });
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output)).toMatchObject({
      event: { topic: TOPIC_ARN, echo: 'echo' },
      bucket: 'spot-diffusion',
      leaked: null,
    });
  });

  it("fails under the name of the function's error", async () => {
    const execution = await runExecution(local, { function: 'fail' });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'NoSpotCapacity' });
    expect(execution.cause).toContain('No Spot capacity for `g6.xlarge` in 4 zones.');
  });

  it('runs a worker through Batch, and sees its host lost', async () => {
    const lost = await runExecution(local, { queue, jobName: 'lost', images: 5 });
    expect(lost).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(lost.cause ?? '{}').StatusReason).toMatch(/^Host EC2 \(instance i-0[0-9a-f]+\) terminated\.$/);
    const second = await runExecution(local, { queue, jobName: 'second', images: 5 });
    expect(second).toMatchObject({ status: 'SUCCEEDED' });
    expect(JSON.parse(second.output ?? '{}')).toEqual({ exit: 0 });
  });

  it('that is stopped is told to *Clean up job*, which ends its worker', async () => {
    const sfn = new SFNClient(aClient(local.endpoint));
    const input = JSON.stringify({ queue, jobName: 'stopped', images: 'endless' });
    const start = { stateMachineArn: local.stateMachineArn, name: 'to-be-stopped', input };
    const { executionArn } = await sfn.send(new StartExecutionCommand(start));
    const pid = await pidOf('stopped');
    await sfn.send(new StopExecutionCommand({ executionArn, error: 'JobCanceled', cause: 'by hand' }));
    await until(() => (isProcessAlive(pid) ? undefined : true));
    const s3 = new S3Client(aClient(local.endpoint));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: local.bucket, Key: 'events/to-be-stopped.json' }));
    expect(JSON.parse(String(await Body?.transformToString()))).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn, name: 'to-be-stopped', status: 'ABORTED', input, error: 'JobCanceled', cause: 'by hand' },
    });
  });

  it("can be started by a stranger's client: boto3 with an endpoint", async () => {
    const program = `
import boto3, json, sys, time
kw = dict(endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
sfn = boto3.client("stepfunctions", **kw)
arn = sfn.start_execution(stateMachineArn=sys.argv[2], name="by-boto3", input=json.dumps({"function": "echo"}))["executionArn"]
while (execution := sfn.describe_execution(executionArn=arn))["status"] == "RUNNING":
    time.sleep(0.1)
prices = boto3.client("ec2", **kw).describe_spot_price_history(InstanceTypes=["g6.xlarge"], MaxResults=7)
quota = boto3.client("service-quotas", **kw).get_service_quota(ServiceCode="ec2", QuotaCode="L-3819A6DF")
names = [name for name in boto3.client("s3", **kw).list_buckets()["Buckets"]]
print(execution["status"], len(prices["SpotPriceHistory"]), quota["Quota"]["Value"], names[0]["Name"])
`;
    const env = { PATH: process.env.PATH ?? '', NO_PROXY: '127.0.0.1' };
    const { stdout } = await promisify(execFile)(python, ['-c', program, local.endpoint, local.stateMachineArn], {
      env,
    });
    expect(stdout.trim()).toBe('SUCCEEDED 7 64 spot-diffusion');
  });
});

describe('the end of the local stack', () => {
  it('ends the engine and every worker when it is stopped', async () => {
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(process.pid), '-f', 'moto_server.py']);
    const engines = stdout.trim().split('\n').map(Number);
    const sfn = new SFNClient(aClient(local.endpoint));
    const input = JSON.stringify({ queue, jobName: 'at-the-end', images: 'endless' });
    await sfn.send(new StartExecutionCommand({ stateMachineArn: local.stateMachineArn, input }));
    const pid = await pidOf('at-the-end');
    await local.stop();
    expect([pid, ...engines].filter(isProcessAlive)).toEqual([]);
    await expect(fetch(local.endpoint)).rejects.toThrow();
  });

  it('comes for all processes when the program is killed', { timeout: 30_000 }, async () => {
    const program = path.join(fixtures, 'die.ts');
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await child.stdout.take(1).toArray();
    const { pids, stateDir }: { pids: number[]; stateDir: string } = JSON.parse(String(line));
    expect(pids.filter(isProcessAlive)).toEqual(pids);
    child.kill('SIGKILL');
    await until(() => (pids.some(isProcessAlive) ? undefined : true));
    await rm(stateDir, { recursive: true });
  });
});
