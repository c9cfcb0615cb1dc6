import type { SignedCall } from '../../local/address/guard.ts';
import { escapeXml, toJsonError, toXmlReply, type WireReply } from '../../local/address/wire.ts';

/** AccessDenied as the service itself would say it. */
export function refuse({ signer, headers }: SignedCall, reason: string): WireReply {
  const xml = (body: string) => toXmlReply(403, body);
  const message = `<Message>${escapeXml(reason)}</Message>`;
  if (signer.service === 's3') return xml(`<Error><Code>AccessDenied</Code>${message}</Error>`);
  if (signer.service === 'sns') {
    return xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code>${message}</Error></ErrorResponse>`,
    );
  }
  if (signer.service === 'ec2') {
    return xml(`<Response><Errors><Error><Code>UnauthorizedOperation</Code>${message}</Error></Errors></Response>`);
  }
  // The JSON protocols with a target answer 400, the REST ones 403.
  return toJsonError(headers['x-amz-target'] ? 400 : 403, 'AccessDeniedException', reason);
}
