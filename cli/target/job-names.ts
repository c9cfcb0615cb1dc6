import { listFolders } from './objects.ts';
import type { Target } from './target.ts';

/** The jobs that the bucket knows: one request for a thousand, however many objects each has. */
export async function listJobNames({ s3, bucket }: Pick<Target, 's3' | 'bucket'>): Promise<readonly string[]> {
  const folders = await listFolders(s3, bucket.name, 'jobs/');
  return folders.map((folder) => folder.slice('jobs/'.length, -1));
}
