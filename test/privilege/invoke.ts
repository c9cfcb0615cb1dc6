import { REGION } from '../../local/names.ts';

/** Lambda's Invoke as a program outside the stack sends it. */
export async function invoke(endpoint: string, name: string, event: unknown): Promise<Record<string, unknown>> {
  const scope = `Credential=test/20260101/${REGION}/lambda/aws4_request`;
  const answer = await fetch(`${endpoint}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: JSON.stringify(event),
  });
  const payload = JSON.parse(await answer.text());
  if (answer.headers.has('x-amz-function-error'))
    throw new Error(`${name}: ${payload.errorType} ${payload.errorMessage}`);
  return payload;
}
