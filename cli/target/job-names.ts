import { listFolders } from './objects.ts';
import type { Target } from './target.ts';

/** The jobs that the bucket knows: one request for a thousand, however many objects each has. */
export async function listJobNames({ s3, bucket }: Pick<Target, 's3' | 'bucket'>): Promise<readonly string[]> {
  const folders = await listFolders(s3, bucket.name, 'jobs/');
  return folders.map((folder) => folder.slice('jobs/'.length, -1));
}

/** `night-r2` and what it resumed. */
export const familyOf = (jobId: string) => [...new Set([jobId, jobId.replace(/-r\d+$/, '')])];

export const toResumedName = (jobId: string, number: number) =>
  `${jobId.slice(0, 80 - `-r${number}`.length)}-r${number}`;
