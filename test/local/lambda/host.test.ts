import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WireRequest } from '../../../local/address/wire.ts';
import { type Bundles, bundleFunctions } from '../../../local/lambda/bundle.ts';
import { makeLambdaEndpoint } from '../../../local/lambda/endpoint.ts';
import { type LambdaHost, makeLambdaHost } from '../../../local/lambda/host.ts';
import { aStateDir, fixtures } from '../harness.ts';

const repoDir = path.resolve(import.meta.dirname, '../../..');
const cacheDir = path.join(repoDir, '.cache');
const sourceDir = path.join(fixtures, 'functions');

describe('the Lambda host', () => {
  const hosts: LambdaHost[] = [];
  let host: LambdaHost;
  let bundles: Bundles;
  let logDir: string;
  /** A host without any instance. */
  const open = (timeoutSeconds: number) => {
    const shared = { environment: { BUCKET: 'spot-diffusion' }, timeoutSeconds, logDir, cacheDir };
    const made = makeLambdaHost(Object.entries(bundles).map(([name, bundle]) => ({ name, bundle, ...shared })));
    hosts.push(made);
    return made;
  };
  beforeAll(async () => {
    logDir = await aStateDir();
    bundles = await bundleFunctions({ sourceDir, repoDir, cacheDir });
    process.env.SECRET_OF_THE_HOST = 'secret';
    // Long enough for a busy machine: what must end in time has a host of its own.
    host = open(30);
    await host.warm(['echo', 'slow', 'fail']);
  });
  afterAll(async () => {
    delete process.env.SECRET_OF_THE_HOST;
    await Promise.all(hosts.map((one) => one.close()));
    await rm(logDir, { recursive: true, force: true });
  });

  it('gives a function its own environment and nothing of the host', async () => {
    const { payload, functionError } = await host.invoke('echo', '{"prompt":"a fox"}');
    expect(functionError).toBeUndefined();
    expect(JSON.parse(payload)).toEqual({
      event: { prompt: 'a fox' },
      name: 'echo',
      now: expect.any(Number),
      bucket: 'spot-diffusion',
      leaked: null,
    });
  });

  it('may have a clock that is off, for one call', async () => {
    const nowOf = async (offset?: number) =>
      JSON.parse((await host.invoke('echo', '{}', offset)).payload).now - Date.now();
    expect(await nowOf(600_000)).toBeGreaterThan(590_000);
    expect(await nowOf(-600_000)).toBeLessThan(-590_000);
    expect(Math.abs(await nowOf())).toBeLessThan(10_000);
  });

  it('keeps the name of an error, as minified bundles must', async () => {
    const { payload, functionError } = await host.invoke('fail', '{}');
    expect(functionError).toBe('Unhandled');
    const error = JSON.parse(payload);
    expect(error).toMatchObject({
      errorType: 'NoSpotCapacity',
      errorMessage: 'No Spot capacity for `g6.xlarge` in 4 zones.',
    });
    expect(error.trace[0]).toBe('NoSpotCapacity: No Spot capacity for `g6.xlarge` in 4 zones.');
  });

  it('keeps an instance warm', async () => {
    await host.invoke('slow', '{}');
    const second = JSON.parse((await host.invoke('slow', '{}')).payload);
    expect(second.calls).toBeGreaterThan(1);
  });

  it('runs concurrent invocations in instances of their own, and queues beyond four', async () => {
    const cold = open(30);
    const answers = await Promise.all(Array.from({ length: 6 }, () => cold.invoke('slow', '{}')));
    expect(answers.map((answer) => answer.functionError)).toEqual(Array(6).fill(undefined));
    const calls = answers.map((answer) => JSON.parse(answer.payload).calls);
    expect(calls.filter((count) => count === 1)).toHaveLength(4);
  });

  it('ends an invocation that runs too long, as AWS words it, and starts anew', async () => {
    const strict = open(3);
    const { payload, functionError } = await strict.invoke('slow', '{"spin":true}');
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/),
    });
    expect((await strict.invoke('slow', '{}')).functionError).toBeUndefined();
  });

  it('starts nothing once it is closed: whoever runs, waits or comes then fails', async () => {
    const closing = open(30);
    const running = Array.from({ length: 6 }, () => closing.invoke('slow', '{"spin":true}'));
    const closed = closing.close();
    const late = closing.invoke('slow', '{}');
    await closed;
    const failed = await Promise.all([...running, late, closing.invoke('echo', '{}')]);
    const types = failed.map(({ functionError, payload }) => [functionError, JSON.parse(payload).errorType]);
    expect(types).toEqual(Array(8).fill(['Unhandled', 'Runtime.ExitError']));
  });

  it('is invoked by name, ARN or partial ARN, and knows what does not exist', async () => {
    const invoke = makeLambdaEndpoint(host);
    const ask = (name: string) => invoke(aRequest(`/2015-03-31/functions/${encodeURIComponent(name)}/invocations`));
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:echo';
    for (const name of ['echo', 'echo:$LATEST', arn, `${arn}:1`, '123456789012:function:echo']) {
      expect(await ask(name)).toMatchObject({ status: 200 });
    }
    expect(await ask('nothing')).toMatchObject({
      status: 404,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
    });
    expect(await invoke(aRequest('/2015-03-31/functions/'))).toMatchObject({ status: 400 });
  });
});

describe('the bundles', () => {
  let home: string;
  let source: string;
  /** Where the bundles of the one function lie. */
  const bundle = async () => {
    const bundles = await bundleFunctions({ sourceDir: home, repoDir, cacheDir: path.join(home, 'cache') });
    return String(bundles.one);
  };
  beforeEach(async () => {
    home = path.join(cacheDir, 'test', crypto.randomUUID());
    source = path.join(home, 'one.lambda.ts');
    await mkdir(home, { recursive: true });
    await writeFile(source, 'export const handler = async () => 1;');
  });
  afterEach(() => rm(home, { recursive: true }));

  it('are built again only when a source has changed', async () => {
    const first = await bundle();
    await utimes(source, new Date(), new Date());
    expect(await bundle()).toBe(first);
    await writeFile(source, 'export const handler = async () => 2;');
    const second = await bundle();
    expect(second).not.toBe(first);
    expect(await readFile(second, 'utf8')).toContain('2');
  });

  it('go once nothing was started with them for a day, and what another start took away meanwhile is no matter', async () => {
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    const first = await bundle();
    const bundles = path.dirname(path.dirname(first));
    await mkdir(path.join(bundles, 'unused'));
    await symlink(path.join(bundles, 'nowhere'), path.join(bundles, 'taken-away'));
    for (const folder of [path.dirname(first), path.join(bundles, 'unused')]) {
      await utimes(folder, twoDaysAgo, twoDaysAgo);
    }
    expect(await bundle()).toBe(first);
    await writeFile(source, 'export const handler = async () => 2;');
    const second = await bundle();
    const left = [path.dirname(first), path.dirname(second)].map((folder) => path.basename(folder));
    expect(await readdir(bundles)).toEqual(expect.arrayContaining(left));
    expect(await readdir(bundles)).not.toContain('unused');
  });
});

function aRequest(address: string): WireRequest {
  return { method: 'POST', path: address, query: new URLSearchParams(), headers: {}, body: Buffer.from('{}') };
}
