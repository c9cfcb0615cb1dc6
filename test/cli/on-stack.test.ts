import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../cli/doctor/finding.ts';
import { STATE_MACHINE_ARN } from '../../local/names.ts';
import { startStub } from '../functions/adapters/http-stub.ts';
import { type ServedStack, serveStack, stackName } from './a-stack.ts';
import { run } from './command.ts';
import { deploy, project, putModel, repository } from './deployed.ts';

let stack: ServedStack;
beforeAll(async () => {
  stack = await serveStack({
    outputs: {
      DefaultModel: 'sd-1.5',
      ImportProject: project,
      WorkerImage: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${repository}:abc`,
    },
  });
}, 60_000);
afterAll(() => stack.stop());

const onStack = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run([...args, '--stack', stackName], { env: { ...stack.env, ...env } });

const byState = (findings: readonly Finding[]) =>
  Object.fromEntries(findings.map(({ name, state }) => [name, state] as const));

describe('doctor on a stack', () => {
  it('says what keeps a job from running, then that nothing does', { timeout: 60_000 }, async () => {
    const before = await onStack(['doctor', '--json']);
    const { canRun, findings } = JSON.parse(before.stdout);
    expect([before.code, canRun]).toEqual([1, false]);
    expect(byState(findings)).toMatchObject({ credentials: 'ok', stack: 'ok', queues: 'ok', jobs: 'ok' });
    const problems = findings.filter(({ state }: Finding) => state === 'problem');
    expect(Object.keys(byState(problems))).toEqual(['roles', 'image', 'model']);
    for (const { fix, link } of problems)
      expect([typeof fix, link]).toEqual(['string', expect.stringMatching(/^https:/)]);

    await deploy(stack.client);
    await putModel(stack.client, 'sd-1.5');
    const after = await onStack(['doctor', '--no-color']);
    expect([after.code, after.stderr]).toEqual([0, '']);
    expect(after.stdout).toMatch(/^ok {3}credentials {2}arn:aws:/);
    expect(after.stdout).toContain('sd-1.5 is there (3.00 GiB; CreativeML OpenRAIL-M)');
    expect(after.stdout.trimEnd()).toMatch(/\nA job could run now\.$/);
  });

  it('takes a refusal of AWS for no verdict', { timeout: 60_000 }, async () => {
    const denied = await startStub(() => ({
      status: 403,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
      body: JSON.stringify({ __type: 'AccessDeniedException', message: 'not for you' }),
    }));
    try {
      const { endpoint } = denied.client;
      const { code, stdout } = await onStack(['doctor', '--json'], {
        AWS_ENDPOINT_URL_ECR: endpoint,
        AWS_ENDPOINT_URL_SERVICE_QUOTAS: endpoint,
        AWS_ENDPOINT_URL_BATCH: endpoint,
      });
      const { findings } = JSON.parse(stdout);
      expect(code).toBe(0);
      expect(byState(findings)).toMatchObject({ image: 'unknown', quota: 'unknown', queues: 'unknown', model: 'ok' });
      const image = findings.find(({ name }: Finding) => name === 'image');
      expect(image.says).toBe('could not be read: AccessDeniedException: not for you');
    } finally {
      await denied.stop();
    }
  });

  it('tells of the job that failed last, with its link', { timeout: 120_000 }, async () => {
    const input = JSON.stringify({ prompt: 'a star', model: 'nobody-knows' });
    const start = new StartExecutionCommand({ stateMachineArn: STATE_MACHINE_ARN, name: 'wrong', input });
    await new SFNClient(stack.client).send(start);
    const look = async () => JSON.parse((await onStack(['doctor', '--json'])).stdout).findings;
    let jobs: Finding | undefined;
    while (jobs?.state !== 'warning') jobs = (await look()).find(({ name }: Finding) => name === 'jobs');
    expect(jobs.says).toMatch(/^wrong failed at .+: InvalidPrompt: /);
    expect(jobs.link).toContain(`${STATE_MACHINE_ARN.replace(':stateMachine:', ':execution:')}:wrong`);
  });

  it('says that it was given no credentials, a stack that is not there, or no region', {
    timeout: 60_000,
  }, async () => {
    const other = await run(['doctor', '--stack', 'other'], { env: stack.env });
    expect([other.code, other.stdout]).toEqual([
      1,
      expect.stringContaining('FAIL stack        other is not in us-east-1'),
    ]);
    const nowhere = await run(['doctor', '--stack', stackName], { env: { ...stack.env, AWS_REGION: '' } });
    expect([nowhere.code, nowhere.stdout]).toEqual([1, expect.stringContaining('To fix: set `AWS_REGION`')]);
  });

  it('looks at this machine without a stack: at what is served there, too', { timeout: 60_000 }, async () => {
    const { code, stdout } = await run(['doctor', '--json', ...stack.state]);
    const { findings } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(findings.map(({ name }: Finding) => name)).toEqual(
      expect.arrayContaining(['python', 'disk', 'serve', 'model', 'quota', 'queues', 'jobs']),
    );
    expect(findings.filter(({ link }: Finding) => link !== undefined)).toEqual([]);
  });
});

describe('quota request', () => {
  it('asks once for what is missing, with a yes, and then waits for AWS', { timeout: 60_000 }, async () => {
    const enough = await onStack(['quota', 'request', '--json']);
    expect(enough.code).toBe(0);
    expect(JSON.parse(enough.stdout).quotas.map(({ state }: { state: string }) => state)).toEqual(['enough', 'enough']);
    const spot = ['quota', 'request', '--code', 'L-3819A6DF', '--vcpus', '96', '--json'];
    const shown = await onStack(spot);
    expect(shown.code).toBe(2);
    expect(shown.stderr).toContain('from 64 to 96 vCPUs');
    expect(shown.stderr).toContain('Nothing was asked: the same command with `--yes` does it.');
    const asked = await onStack([...spot, '--yes']);
    expect([asked.code, asked.stderr]).toEqual([
      0,
      expect.stringContaining('Asked for 96 vCPUs of L-3819A6DF: PENDING'),
    ]);
    const [quota] = JSON.parse(asked.stdout).quotas;
    expect(quota).toMatchObject({ state: 'short', have: 64, to: 96, request: expect.any(String) });
    const again = await onStack([...spot, '--yes']);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).quotas[0]).toMatchObject({ state: 'pending', pending: { id: quota.request } });
    const lower = await onStack(['quota', 'request', '--code', 'L-DB2E81BA', '--vcpus', '8', '--yes']);
    expect([lower.code, lower.stderr]).toEqual([0, expect.stringContaining('have 64 vCPUs, 8 are enough')]);
  });

  it('is refused for a quota that no instance type of ours draws on', async () => {
    const { code, stderr } = await onStack(['quota', 'request', '--code', 'L-7212CCBC', '--vcpus', '8']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('L-7212CCBC')]);
  });
});

describe('the models of a stack', () => {
  it('are those whose manifest is in its bucket', { timeout: 60_000 }, async () => {
    const { code, stdout } = await onStack(['models', 'list', '--json']);
    expect(code).toBe(0);
    const { models } = JSON.parse(stdout);
    const imported = models.filter((model: { imported: boolean }) => model.imported);
    expect(imported.map(({ id }: { id: string }) => id)).toEqual(['tiny', 'sd-1.5']);
    expect(imported[1].stored).toMatchObject({ bytes: 3 * 2 ** 30, files: 1 });
  });

  it('are imported by its build, followed to the end or left to itself', { timeout: 60_000 }, async () => {
    const built = await onStack(['models', 'import', 'sd-3.5-medium', '--json']);
    expect(built.code, built.stderr).toBe(0);
    expect(built.stderr).toMatch(/^sd-3\.5-medium is given out to who accepted .+ at https:/);
    expect(built.stderr).toContain('Imported sd-3.5-medium.');
    expect(JSON.parse(built.stdout)).toMatchObject({ model: 'sd-3.5-medium', status: 'SUCCEEDED' });
    const left = await onStack(['models', 'import', 'sdxl', '--no-wait', '--json']);
    expect([left.code, JSON.parse(left.stdout).build]).toEqual([0, expect.stringContaining(`${project}:`)]);
  });

  it('are removed after a yes, unless a job that runs may read them', { timeout: 120_000 }, async () => {
    await putModel(stack.client, 'safety-classifier');
    const shown = await onStack(['models', 'remove', 'sd-1.5']);
    expect([shown.code, shown.stderr]).toEqual([2, expect.stringMatching(/^Would remove 2 files of sd-1\.5, /)]);
    const input = JSON.stringify({ prompt: 'a pink star', count: 900 });
    const start = new StartExecutionCommand({ stateMachineArn: STATE_MACHINE_ARN, name: 'reader', input });
    await new SFNClient(stack.client).send(start);
    const refused = await onStack(['models', 'remove', 'safety-classifier', '--yes']);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/these do or may: reader\..+`npm start -- cancel reader --stack spot-diffusion`/),
    ]);
    expect((await run(['cancel', 'reader', ...stack.state])).code).toBe(0);
    for (const id of ['safety-classifier', 'sd-1.5']) {
      expect(await onStack(['models', 'remove', id, '--yes', '--json'])).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(
          `\`npm start -- models import ${id} --stack spot-diffusion\` brings them back.`,
        ),
      });
    }
    const nothing = await onStack(['models', 'remove', 'sd-1.5', '--yes']);
    expect([nothing.code, nothing.stderr]).toEqual([0, 'Nothing to remove: no file of sd-1.5 is there.\n']);
  });

  it('on this machine are removed from who serves them, too', { timeout: 60_000 }, async () => {
    await putModel(stack.client, 'sdxl');
    const removed = await run(['models', 'remove', 'sdxl', '--yes', ...stack.state]);
    expect(removed.code, removed.stderr).toBe(0);
    const { stdout } = await onStack(['models', 'list', '--json']);
    const sdxl = JSON.parse(stdout).models.find(({ id }: { id: string }) => id === 'sdxl');
    expect(sdxl.imported).toBe(false);
  });

  it('are told of a refusal of AWS in a sentence', async () => {
    const { code, stderr } = await onStack(['models', 'import', 'sd-1.4'], {
      AWS_ENDPOINT_URL_CODEBUILD: 'http://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(stderr).not.toContain('    at ');
  });
});
