import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { REGION } from '../names.ts';
import { readBody, type WireReply } from './wire.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: Buffer | IncomingMessage;
}

/** How moto knows its callers; fresh for each start (engine/gate.py). */
export interface EngineKeys {
  /** Of calls that the router passes on. */
  readonly key: string;
  /** Of the stack's own calls: moto's own routes answer to it alone. */
  readonly ownKey: string;
}

/** moto, seen from the router. */
export interface Upstream {
  /** Streams the answer through. */
  pass(call: Call, response: ServerResponse): Promise<void>;
  /** Waits for the whole answer. */
  collect(call: Call): Promise<WireReply>;
  /** A call of our own, unsigned but for the service that moto reads from the scope. */
  ask(service: string, call: Omit<Call, 'headers'> & { readonly headers?: IncomingHttpHeaders }): Promise<WireReply>;
}

export interface UpstreamPlace extends EngineKeys {
  readonly port: number;
}

export function makeUpstream({ port, key, ownKey }: UpstreamPlace): Upstream {
  const collectAs = async (engineKey: string, call: Call) => {
    const answer = await open({ port, engineKey }, call);
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    const body = await readBody(answer);
    // A HEAD answer states the length of a body that it does not carry.
    if (call.method !== 'HEAD') headers['content-length'] = String(body.length);
    delete headers.connection;
    delete headers['transfer-encoding'];
    return { status: answer.statusCode ?? 502, headers, body };
  };
  return {
    collect: (call) => collectAs(key, call),
    pass: async (call, response) => {
      const answer = await open({ port, engineKey: key }, call);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      await pipeline(answer, response);
    },
    ask: (service, call) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
      return collectAs(ownKey, { ...call, headers: { authorization, ...call.headers } });
    },
  };
}

interface Door {
  readonly port: number;
  readonly engineKey: string;
}

function open({ port, engineKey }: Door, { method, path, headers, body }: Call): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // `expect` was answered by our own server; a connection per call costs 0.1 ms here and can't be stale.
  const { expect: _, connection: __, ...kept } = headers;
  const length = Buffer.isBuffer(body) ? { 'content-length': String(body.length) } : {};
  const outgoing = request(
    { host: '127.0.0.1', port, method, path, agent: false, headers: { ...kept, ...length, 'x-engine-key': engineKey } },
    resolve,
  );
  outgoing.on('error', reject);
  if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body);
  else pipeline(body, outgoing).catch(reject);
  return promise;
}
