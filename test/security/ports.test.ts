import { request } from 'node:http';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLinux } from '../linux.ts';
import { aClient, aStack } from '../local/harness.ts';
import { familyOf, type ListeningPort, listPorts } from './listening-ports.ts';

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Raw: `fetch` sets Host itself and folds the path. */
function ask(port: number, { path = '/', method = 'GET', headers = {} }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, async (answer) => {
      const chunks = await answer.toArray();
      resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
    });
    outgoing.on('error', reject).end();
  });
}

const scope = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

const motoRoutes = ['/moto-api/', '/moto-api/data.json', '/moto-api/reset', '/moto-api/reset-auth', '/moto-api/config'];
const spellings = ['/%6doto-api/reset', '//moto-api/reset', '/moto-api/../moto-api/reset', '/./moto-api/reset'];

describe.skipIf(!isLinux)('every port of the local stack', () => {
  let stack: Awaited<ReturnType<typeof aStack>>;
  let ports: readonly ListeningPort[] = [];
  let router = 0;
  beforeAll(async () => {
    const before = listPorts(familyOf(process.pid)).map(({ port }) => port);
    stack = await aStack();
    ports = listPorts(familyOf(process.pid)).filter(({ port }) => !before.includes(port));
    router = Number(new URL(stack.endpoint).port);
  });
  afterAll(() => stack?.end());

  const machines = async () => {
    const found = await new SFNClient(aClient(stack.endpoint)).send(new ListStateMachinesCommand({}));
    return found.stateMachines?.length;
  };
  const engine = () => ports.find(({ port }) => port !== router)?.port ?? 0;

  it('is one of two, on the loopback address', () => {
    expect(ports.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(ports.map(({ port }) => port)).toContain(router);
  });

  it.each([
    ['a rebound name', { host: 'evil.example' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }],
    ['an Origin', { origin: 'https://evil.example' }],
    ['an Origin of our own', { origin: 'http://127.0.0.1:4510' }],
    ['the Origin of a file', { origin: 'null' }],
    ['a picture of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page on another port', { 'sec-fetch-site': 'same-site' }],
  ])('refuses %s, signed or not', async (_, foreign) => {
    for (const { port } of ports) {
      for (const headers of [foreign, { ...foreign, ...scope('states') }, { ...foreign, ...scope('s3') }]) {
        for (const path of ['/', '/spot-diffusion/', '/_imds/x/latest/meta-data/', '/moto-api/data.json']) {
          expect(await ask(port, { path, headers }), `${port} ${path}`).toMatchObject({ status: 403 });
        }
      }
    }
  });

  it('lets a person open a report: a page of its own, and its pictures', async () => {
    for (const site of ['none', 'same-origin']) {
      const { status } = await ask(router, { path: '/spot-diffusion', headers: { 'sec-fetch-site': site } });
      expect(status).toBe(200);
    }
  });

  it.each([...motoRoutes, ...spellings])("has none of moto's own routes: %s", async (path) => {
    for (const { port } of ports) {
      for (const headers of [{}, scope('s3'), scope('states'), scope('moto_api')]) {
        for (const method of ['GET', 'POST']) {
          const { status, body } = await ask(port, { path, method, headers });
          expect(status, `${method} ${port} ${path}: ${body}`).toBeGreaterThanOrEqual(400);
          expect(body).not.toContain('"status": "ok"');
        }
      }
    }
    expect(await machines()).toBe(1);
  });

  it('takes no key of the engine from outside', async () => {
    for (const key of ['', 'x', 'undefined']) {
      const headers = { 'x-engine-key': key };
      expect(await ask(engine(), { path: '/spot-diffusion', headers })).toMatchObject({ status: 403 });
      expect(await ask(router, { path: '/moto-api/data.json', headers })).toMatchObject({ status: 403 });
    }
  });

  it('answers nobody but the router on the port of the engine', async () => {
    for (const headers of [{}, scope('s3'), scope('iam'), { host: `127.0.0.1:${router}` }]) {
      expect(await ask(engine(), { path: '/spot-diffusion', headers })).toMatchObject({ status: 403 });
    }
  });

  it('says of a path that none can read what it is, and lives on', async () => {
    expect(await ask(router, { path: '//' })).toEqual({
      status: 400,
      body: 'Expected a path, got none that can be read.\n',
    });
    expect(await machines()).toBe(1);
  });
});

describe('what the local stack starts', () => {
  it('inherits no secret of the shell, and nothing of AWS', async () => {
    const { makeChildEnvironment } = await import('../../local/environment.ts');
    const planted = {
      HF_TOKEN: 'hf_planted',
      GITHUB_TOKEN: 'planted',
      DB_PASSWORD: 'planted',
      OPENAI_API_KEY: 'planted',
      MY_SECRET: 'planted',
      AWS_SECRET_ACCESS_KEY: 'planted',
      GOOGLE_APPLICATION_CREDENTIALS: 'planted',
    };
    Object.assign(process.env, planted);
    try {
      const environment = makeChildEnvironment('/tmp/cache');
      expect(JSON.stringify(environment)).not.toContain('planted');
      expect(environment).toMatchObject({ PATH: process.env.PATH, NO_PROXY: expect.stringContaining('127.0.0.1') });
    } finally {
      for (const name of Object.keys(planted)) delete process.env[name];
    }
  });
});
