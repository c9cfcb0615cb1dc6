import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedCall } from '../../../local/address/guard.ts';
import { openRouter, type Router } from '../../../local/address/router.ts';
import { toTextReply } from '../../../local/address/wire.ts';

describe('the router', () => {
  let router: Router;
  const calls: string[] = [];
  const guarded: SignedCall[] = [];
  const statuses: number[] = [];
  beforeAll(async () => {
    router = await openRouter(0);
    router.serve({
      endpoints: {
        batch: async () => toTextReply(200, 'batch'),
        ec2: async () => undefined,
        broken: async () => fail(),
      },
      imds: async () => toTextReply(200, 'imds'),
      guard: {
        admit: async (call) => {
          guarded.push(call);
          return call.signer.accessKeyId === 'mallory' ? toTextReply(403, 'not for mallory') : undefined;
        },
        observe: (_, status) => void statuses.push(status),
      },
      forward: async (incoming, response, signer, body) => {
        calls.push(`${signer.service} ${incoming.url} ${signer.accessKeyId} ${body ?? ''}`);
        response.end('moto');
      },
    });
  });
  afterAll(() => router.close());

  const ask = (headers: Record<string, string>, path = '/', body = '') => send(router.port, { headers, path, body });

  it('refuses a Host that is not this machine, as a rebound name would send', async () => {
    expect(await ask({ host: 'evil.example:4510' })).toMatchObject({ status: 403 });
    expect(await ask({ host: '127.0.0.1.evil.example' })).toMatchObject({ status: 403 });
    expect(await ask({ host: 'spot-diffusion.localhost' })).toMatchObject({ status: 403 });
  });

  it('refuses any Origin, also its own, with the reason', async () => {
    const answer = await ask({ origin: `http://127.0.0.1:${router.port}` });
    expect(answer.status).toBe(403);
    expect(answer.body).toBe(
      `Expected an AWS client on this machine, got a request with \`Origin: http://127.0.0.1:${router.port}\`.\n`,
    );
  });

  it('listens on the loopback address only', async () => {
    const other = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal);
    if (other) await expect(reach(other.address, router.port)).resolves.toBe('ECONNREFUSED');
    await expect(reach('127.0.0.1', router.port)).resolves.toBe('connected');
  });

  it('reads the service from the signature, in the header or in the address', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/batch/aws4_request, SignedHeaders=host';
    expect(await ask({ authorization })).toMatchObject({ body: 'batch' });
    expect(await ask({}, '/?X-Amz-Credential=me%2F20260101%2Fus-east-1%2Fbatch%2Faws4_request')).toMatchObject({
      body: 'batch',
    });
  });

  it('takes an unsigned request for S3', async () => {
    await ask({}, '/spot-diffusion/jobs/a/report.html');
    expect(calls.at(-1)).toBe('s3 /spot-diffusion/jobs/a/report.html  ');
  });

  it('forwards an action that its own endpoint does not know, with the body it has read', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host';
    expect(await ask({ authorization }, '/', 'Action=DescribeVpcs')).toMatchObject({ body: 'moto' });
    expect(calls.at(-1)).toBe('ec2 / me Action=DescribeVpcs');
  });

  it('asks its guard before any service, with the whole call, and tells it the answer', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host';
    await ask({ authorization }, '/some?thing=1', 'Action=DescribeVpcs');
    const call = guarded.at(-1);
    expect(call).toMatchObject({ signer: { service: 'ec2', accessKeyId: 'me' }, path: '/some', method: 'POST' });
    expect(call?.body.toString()).toBe('Action=DescribeVpcs');
    expect(statuses.at(-1)).toBe(200);
  });

  it('gives the answer of its guard in place of the service', async () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=mallory/20260101/us-east-1/batch/aws4_request, SignedHeaders=host';
    const count = calls.length;
    expect(await ask({ authorization }, '/', 'x')).toEqual({ status: 403, body: 'not for mallory' });
    expect(await ask({ authorization: authorization.replace('batch', 's3') })).toMatchObject({ status: 403 });
    expect(calls).toHaveLength(count);
  });

  it('lets the metadata service answer without its guard: it is the host, no AWS service', async () => {
    guarded.splice(0);
    expect(await ask({}, '/_imds/1/latest/meta-data/instance-id')).toEqual({ status: 200, body: 'imds' });
    expect(guarded).toEqual([]);
  });

  it('answers 502 in one line when an endpoint breaks', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/broken/aws4_request, SignedHeaders=host';
    const answer = await ask({ authorization });
    expect(answer).toEqual({ status: 502, body: 'Expected the local engine to answer, it did not: no engine\n' });
  });

  it('says which port is taken, and what to do', async () => {
    await expect(openRouter(router.port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringMatching(/^Expected port `\d+` on 127\.0\.0\.1 to be free, .*To fix: /),
    });
  });
});

function fail(): never {
  throw new Error('no engine');
}

interface Asked {
  readonly headers: Record<string, string>;
  readonly path: string;
  readonly body: string;
}

function send(port: number, { headers, path, body }: Asked): Promise<{ status?: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, headers, method: body ? 'POST' : 'GET' },
      async (answer) => {
        const chunks = await answer.toArray();
        resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() });
      },
    );
    outgoing.on('error', reject).end(body);
  });
}

function reach(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve('connected'));
    socket
      .on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
      .on('connect', () => socket.destroy());
  });
}
