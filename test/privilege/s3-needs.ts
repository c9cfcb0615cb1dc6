import type { SignedCall } from '../../local/address/guard.ts';
import type { Need } from './need.ts';

/** Parts of a query that change nothing about which permission is needed; all others are unknown here. */
const HARMLESS =
  /^(x-id|list-type|prefix|delimiter|continuation-token|start-after|max-keys|encoding-type|response-.*|x-amz-.*)$/i;

/** The permissions of a call to S3 with the bucket in its path; undefined when it is none that we know. */
export function readS3Needs({ method, path, query, headers }: SignedCall): readonly Need[] | undefined {
  const [, bucket = '', ...rest] = path.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const isKnown = [...query.keys()].every((name) => HARMLESS.test(name)) && !headers['x-amz-copy-source'];
  if (!isKnown) return undefined;
  if (key === '') return method === 'GET' && query.has('list-type') ? [listing(bucket)] : undefined;
  const resource = `arn:aws:s3:::${bucket}/${key}`;
  if (method === 'GET' || method === 'HEAD') return [{ action: 's3:GetObject', resource }];
  if (method === 'DELETE') return [{ action: 's3:DeleteObject', resource }];
  if (method !== 'PUT') return undefined;
  const tagging = headers['x-amz-tagging'] ? [{ action: 's3:PutObjectTagging', resource }] : [];
  return [{ action: 's3:PutObject', resource }, ...tagging];
}

/** S3 tells who may list the bucket that an object is missing (404); to others it says 403. */
export function readS3Afterthought({ method, path }: SignedCall, status: number): readonly Need[] {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && status === 404 ? [listing(path.split('/')[1] ?? '')] : [];
}

function listing(bucket: string): Need {
  return { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
}
