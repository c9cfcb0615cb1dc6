import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Target } from './target.ts';

/** The jobs that the bucket knows: one request for a thousand, however many objects each has. */
export async function listJobNames({ s3, bucket }: Pick<Target, 's3' | 'bucket'>): Promise<readonly string[]> {
  const names: string[] = [];
  const request = { Bucket: bucket.name, Prefix: 'jobs/', Delimiter: '/' };
  for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: s3 }, request)) {
    names.push(...CommonPrefixes.flatMap(({ Prefix = '' }) => Prefix.split('/')[1] || []));
  }
  return names;
}
