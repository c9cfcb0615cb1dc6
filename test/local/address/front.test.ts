import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type CallFault, type FrontCall, makeFront } from '../../../local/address/front.ts';
import type { Listening } from '../../../local/address/listen.ts';
import { readBody } from '../../../local/address/wire.ts';

const signed = (service: string, caller = 'someone') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260101/us-east-1/${service}/aws4_request, Signature=0`,
});

describe('the front before the router', () => {
  let server: Server;
  let front: Listening;
  const heard: string[] = [];
  const seen: (readonly [FrontCall, number])[] = [];
  afterEach(async () => {
    await front.close();
    await new Promise((closed) => server.close(closed));
    heard.length = 0;
    seen.length = 0;
  });

  /** A service that says how often it was called. */
  async function open(decide: (call: FrontCall) => CallFault | undefined = () => undefined) {
    server = createServer(async (request, response) => {
      const body = await readBody(request);
      heard.push(`${request.method} ${request.url} ${request.headers['x-more'] ?? ''} ${body}`);
      response.writeHead(201, { 'x-times': String(heard.length) }).end(`answer ${heard.length}`);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const made = makeFront({
      decide,
      observe: (call, reply) => seen.push([call, reply.status]),
      isPatient: ({ caller }) => caller === 'patient',
    });
    front = await made.open(typeof address === 'object' && address ? address.port : 0);
    const ask = (
      path = '/a',
      { service = 's3', caller = 'someone', ...rest }: RequestInit & { service?: string; caller?: string } = {},
    ) => fetch(`http://127.0.0.1:${front.port}${path}`, { headers: signed(service, caller), ...rest });
    return { ask, restart: made.restart };
  }

  it('hands a call on as it is, and tells of it and of its answer', async () => {
    const { ask } = await open();
    const answer = await ask('/a/b?list-type=2', {
      method: 'PUT',
      body: 'größe',
      service: 'dynamodb',
      caller: 'lambda-x',
    });
    expect([answer.status, await answer.text()]).toEqual([201, 'answer 1']);
    expect(heard).toEqual(['PUT /a/b?list-type=2  größe']);
    expect(seen).toMatchObject([
      [{ service: 'dynamodb', caller: 'lambda-x', method: 'PUT', path: '/a/b?list-type=2' }, 201],
    ]);
  });

  it('knows whose metadata service is asked', async () => {
    const { ask } = await open();
    await ask('/_imds/job-7/latest/api/token');
    expect(seen[0]?.[0]).toMatchObject({ service: 'imds', caller: 'job-7' });
  });

  it('refuses in the name of a service that hears nothing', async () => {
    const { ask } = await open(() => ({ kind: 'refuse', reply: { status: 503, headers: {}, body: 'busy' } }));
    const answer = await ask();
    expect([answer.status, await answer.text()]).toEqual([503, 'busy']);
    expect(heard).toEqual([]);
  });

  it('loses the answer of a service that acted', async () => {
    const { ask } = await open(() => ({ kind: 'lose' }));
    await expect(ask()).rejects.toThrow('fetch failed');
    expect(heard).toHaveLength(1);
    expect(seen[0]?.[1]).toBe(201);
  });

  it('says something else than a service that acted', async () => {
    const { ask } = await open(() => ({ kind: 'replace', reply: { status: 500, headers: {}, body: '' } }));
    expect((await ask()).status).toBe(500);
    expect(heard).toHaveLength(1);
  });

  it('delivers a call twice', async () => {
    const { ask } = await open(() => ({ kind: 'twice' }));
    expect(await (await ask('/a', { method: 'POST', body: 'x' })).text()).toBe('answer 2');
    expect(heard).toEqual(['POST /a  x', 'POST /a  x']);
  });

  it('is late, and adds headers', async () => {
    const { ask } = await open(({ path }) =>
      path === '/late' ? { kind: 'late', milliseconds: 150 } : { kind: 'change', headers: { 'x-more': 'yes' } },
    );
    const started = performance.now();
    await ask('/late');
    expect(performance.now() - started).toBeGreaterThanOrEqual(145);
    await ask('/more');
    expect(heard.at(-1)).toBe('GET /more yes ');
  });

  it('goes away and comes back: connections break, and the patient are served afterwards', async () => {
    const { ask, restart } = await open();
    const away = restart(300);
    const patient = ask('/patient', { caller: 'patient' });
    await expect(ask('/other')).rejects.toThrow('fetch failed');
    await sleep(50);
    expect(heard).toEqual([]);
    await away;
    expect((await patient).status).toBe(201);
    expect((await ask('/other')).status).toBe(201);
  });
});
