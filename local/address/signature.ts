import type { IncomingHttpHeaders } from 'node:http';

export interface Signer {
  /** Signing name of the service, `s3` when the request is not signed: only S3 takes unsigned and presigned requests. */
  readonly service: string;
  readonly accessKeyId: string;
}

const SCOPE = /Credential=([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
const PRESIGNED_SCOPE = /^([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request$/;

/** Reads the SigV4 credential scope. Nothing is verified: this address is a loopback, and any dummy credentials are welcome. */
export function readSigner(headers: IncomingHttpHeaders, query: URLSearchParams): Signer {
  const match = SCOPE.exec(headers.authorization ?? '') ?? PRESIGNED_SCOPE.exec(query.get('X-Amz-Credential') ?? '');
  return { accessKeyId: match?.[1] ?? '', service: match?.[2] ?? 's3' };
}
