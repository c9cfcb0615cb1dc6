import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { IMDS_PREFIX } from '../names.ts';
import { type Listening, listen } from './listen.ts';
import { readSigner } from './signature.ts';
import { makeUpstream, type Upstream } from './upstream.ts';
import { readBody, send, type WireReply } from './wire.ts';

/*
 * A second address before the router's, given out in its place: every call of functions, workers and the machine passes
 * here, and a storm may answer it otherwise. The product runs without one.
 * While it is away, connections break off as from a server that restarts; the calls of those who are patient are held.
 */
export interface FrontCall {
  /** Signing name of the service; `imds` for the metadata service. */
  readonly service: string;
  /** Access key id: it tells whose call it is (`names.ts`). */
  readonly caller: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type CallFault =
  /** The answer, and the service never hears of the call. */
  | { readonly kind: 'refuse'; readonly reply: WireReply }
  /** The service acts, and the connection breaks before its answer. */
  | { readonly kind: 'lose' }
  /** The service acts, and this is answered in place of what it says. */
  | { readonly kind: 'replace'; readonly reply: WireReply }
  /** The service hears the call twice, one after the other; the second answer counts. */
  | { readonly kind: 'twice' }
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** With other headers. */
  | { readonly kind: 'change'; readonly headers: Readonly<Record<string, string>> };

export interface FrontOptions {
  readonly decide: (call: FrontCall) => CallFault | undefined;
  /** Whose calls are held while the front is away. */
  readonly isPatient?: (call: FrontCall) => boolean;
  /** What the service answered, whatever the caller heard. */
  readonly observe?: (call: FrontCall, reply: WireReply) => void;
}

export type OpenFront = (routerPort: number) => Promise<Listening>;

export interface Restartable {
  readonly open: OpenFront;
  /** Goes away for so long, and comes back. */
  restart(milliseconds: number): Promise<void>;
}

export function makeFront({ decide, observe, isPatient = () => false }: FrontOptions): Restartable {
  let back: Promise<void> | undefined;

  async function pass(call: FrontCall, router: Upstream, changed: Readonly<Record<string, string>> = {}) {
    const { 'transfer-encoding': _, ...headers } = call.headers;
    const reply = await router.collect({ ...call, headers: { ...headers, ...changed } });
    observe?.(call, reply);
    return reply;
  }

  async function answer(request: IncomingMessage, response: ServerResponse, router: Upstream): Promise<void> {
    const call = toCall(request, await readBody(request));
    if (back && !isPatient(call)) return void response.destroy();
    await back;
    const fault = decide(call);
    if (fault?.kind === 'refuse') return send(response, fault.reply);
    if (fault?.kind === 'late') await sleep(fault.milliseconds);
    if (fault?.kind === 'twice') await pass(call, router);
    const reply = await pass(call, router, fault?.kind === 'change' ? fault.headers : {});
    if (fault?.kind === 'lose' || (back && !isPatient(call))) return void response.destroy();
    send(response, fault?.kind === 'replace' ? fault.reply : reply);
  }

  const open: OpenFront = async (routerPort) => {
    // The router asks for no key: those are the engine's behind it.
    const router = makeUpstream({ port: routerPort, key: '', ownKey: '' });
    // Where the router does not answer, nobody does: the connection breaks.
    return listen((request, response) => void answer(request, response, router).catch(() => response.destroy()), 0);
  };

  return {
    open,
    restart: async (milliseconds) => {
      const away = sleep(milliseconds);
      back = away;
      await away;
      if (back === away) back = undefined;
    },
  };
}

function toCall(request: IncomingMessage, body: Buffer): FrontCall {
  const { method = 'GET', url: path = '/', headers } = request;
  const { pathname, searchParams } = new URL(path, 'http://local');
  if (pathname.startsWith(IMDS_PREFIX)) {
    const caller = pathname.slice(IMDS_PREFIX.length).split('/')[0] ?? '';
    return { service: 'imds', caller, method, path, headers, body };
  }
  const { service, accessKeyId } = readSigner(headers, searchParams);
  return { service, caller: accessKeyId, method, path, headers, body };
}
