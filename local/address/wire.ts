import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that one of our own endpoints answers, read to its end. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export type Endpoint = (request: WireRequest) => Promise<WireReply>;

/** Lambda, Batch and Service Quotas speak JSON; their SDKs read the error's name from this header. */
export function toJsonReply(body: unknown, headers: Record<string, string> = {}): WireReply {
  return { status: 200, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function toJsonError(status: number, name: string, message: string): WireReply {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': name };
  return { status, headers, body: JSON.stringify({ __type: name, message }) };
}

export function toTextReply(status: number, body: string): WireReply {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

export function toXmlReply(status: number, body: string): WireReply {
  return { status, headers: { 'content-type': 'text/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}

export async function readBody(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function send(response: ServerResponse, { status, headers, body }: WireReply): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { 'x-amzn-requestid': randomUUID(), 'content-length': length, ...headers });
  response.end(body);
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
