import { type Endpoint, toJsonError, type WireReply } from '../address/wire.ts';
import type { LambdaHost } from './host.ts';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
/** A storm sets it: how far the clock of the function is off during this call. */
export const CLOCK_OFFSET_HEADER = 'x-local-clock-offset-ms';
/** Lambda's limit for a synchronous request and its answer. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** `Invoke`, the one Lambda action that a workflow needs. */
export function makeLambdaEndpoint(host: LambdaHost): Endpoint {
  return async ({ method, path, headers, body }) => {
    const name = toFunctionName(decodeURIComponent(INVOKE_PATH.exec(path)?.[1] ?? ''));
    if (method !== 'POST' || !name) {
      return toJsonError(400, 'InvalidRequestContentException', `Expected Invoke, got \`${method} ${path}\`.`);
    }
    if (!host.has(name)) return toJsonError(404, 'ResourceNotFoundException', `Function not found: ${name}`);
    if (body.length > MAX_PAYLOAD_BYTES) {
      return toJsonError(
        413,
        'RequestTooLargeException',
        `Expected at most ${MAX_PAYLOAD_BYTES} bytes, got ${body.length}.`,
      );
    }
    const clockOffsetMs = Number(headers[CLOCK_OFFSET_HEADER] ?? 0);
    return toReply(await host.invoke(name, body.toString() || '{}', clockOffsetMs));
  };
}

/** A name, a full or partial ARN, each with or without a qualifier. */
function toFunctionName(id: string): string | undefined {
  const afterFunction = id.split(/(?:^|:)function:/).at(-1);
  return afterFunction?.split(':')[0];
}

function toReply({ payload, functionError }: { readonly payload: string; readonly functionError?: string }): WireReply {
  if (payload.length > MAX_PAYLOAD_BYTES) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
    return toReply({
      payload: JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }),
      functionError: 'Unhandled',
    });
  }
  const error: Record<string, string> = functionError ? { 'x-amz-function-error': functionError } : {};
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST', ...error };
  return { status: 200, headers, body: payload };
}
