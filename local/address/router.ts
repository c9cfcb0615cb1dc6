import type { IncomingMessage, ServerResponse } from 'node:http';
import { IMDS_PREFIX } from '../names.ts';
import type { Guard } from './guard.ts';
import { type Listening, listen } from './listen.ts';
import { readSigner, type Signer } from './signature.ts';
import { type Endpoint, readBody, send, toTextReply, type WireReply } from './wire.ts';

/*
 * The one address. By the service of a request's signature it answers itself or forwards to moto.
 * It binds 127.0.0.1 and refuses what a page in a browser could send: a foreign Host (DNS rebinding), any Origin, or, in a
 * browser of today, a picture or a link of another site. A person may open a report here: that is a page of our own.
 */
const HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;
const FOREIGN_SITES = ['cross-site', 'same-site'];

/** The header that gives a page in a browser away; undefined: a client on this machine sent it. */
function readForeign({ host = '', origin, 'sec-fetch-site': site }: IncomingMessage['headers']): string | undefined {
  if (origin !== undefined) return `Origin: ${origin}`;
  if (!HOST.test(host)) return `Host: ${host}`;
  return FOREIGN_SITES.includes(String(site)) ? `Sec-Fetch-Site: ${site}` : undefined;
}

export interface Routes {
  /** Our own services, by signing name. Undefined as an answer means: this action is moto's. */
  readonly endpoints: Readonly<Record<string, (request: Parameters<Endpoint>[0]) => Promise<WireReply | undefined>>>;
  readonly imds: Endpoint;
  readonly guard?: Guard;
  readonly forward: (
    request: IncomingMessage,
    response: ServerResponse,
    signer: Signer,
    body?: Buffer,
  ) => Promise<void>;
}

export interface Router extends Listening {
  /** Requests that come before the routes are known wait for them. */
  serve(routes: Routes): void;
}

export async function openRouter(port: number): Promise<Router> {
  const { promise: routes, resolve: serve } = Promise.withResolvers<Routes>();
  const server = await listen((request, response) => {
    answer(request, response, routes).catch((error: unknown) => fail(response, error));
  }, port);
  return { ...server, serve };
}

async function answer(request: IncomingMessage, response: ServerResponse, pending: Promise<Routes>): Promise<void> {
  const foreign = readForeign(request.headers);
  if (foreign !== undefined) {
    const text = `Expected an AWS client on this machine, got a request with \`${foreign}\`.\n`;
    return answerUnread(request, response, toTextReply(403, text));
  }
  const url = URL.parse(request.url ?? '/', 'http://local');
  if (!url) return answerUnread(request, response, toTextReply(400, 'Expected a path, got none that can be read.\n'));
  const routes = await pending;
  const { pathname, searchParams: query } = url;
  const signer = readSigner(request.headers, query);
  const isImds = pathname.startsWith(IMDS_PREFIX);
  const endpoint = isImds ? routes.imds : routes.endpoints[signer.service];
  const guard = isImds ? undefined : routes.guard;
  // S3 says all that it wants in its head, and its body may be large: it is streamed.
  const body = endpoint || (guard && signer.service !== 's3') ? await readBody(request) : undefined;
  const { method = 'GET', headers } = request;
  const wire = { method, path: pathname, query, headers, body: body ?? Buffer.alloc(0) };
  const verdict = await guard?.admit({ ...wire, signer });
  if (verdict) return answerUnread(request, response, verdict);
  response.once('finish', () => guard?.observe({ ...wire, signer }, response.statusCode));
  const reply = await endpoint?.(wire);
  if (!reply) return routes.forward(request, response, signer, body);
  send(response, reply);
}

function answerUnread(request: IncomingMessage, response: ServerResponse, reply: WireReply): void {
  // A client reads no answer before it has sent its whole body.
  request.resume();
  send(response, reply);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const message = error instanceof Error ? error.message : String(error);
  send(response, toTextReply(502, `Expected the local engine to answer, it did not: ${message}\n`));
}
