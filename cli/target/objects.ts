import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  NoSuchKey,
  type ObjectIdentifier,
  paginateListObjectsV2,
  type S3Client as S3,
  S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { PlainProblem } from '../grammar/plain-problem.ts';
import type { ClientConfig } from './target.ts';

/** A loopback endpoint has no host name per bucket. */
export const makeS3 = (config: ClientConfig) =>
  new S3Client({ ...config, forcePathStyle: (config.endpoint ?? process.env.AWS_ENDPOINT_URL) !== undefined });

/** Undefined: there is no such object. */
export async function readText(client: S3, bucket: string, key: string): Promise<string | undefined> {
  try {
    return await (await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** What lies directly below a prefix, each with its `/`: one call per thousand, whatever lies in them. */
export async function listFolders(client: S3, bucket: string, prefix: string): Promise<readonly string[]> {
  const folders: string[] = [];
  const input = { Bucket: bucket, Prefix: prefix, Delimiter: '/' };
  for await (const page of paginateListObjectsV2({ client }, input)) {
    folders.push(...(page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []));
  }
  return folders;
}

export interface Amount {
  readonly objects: number;
  readonly bytes: number;
}

interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** Every version of what lies below a prefix; in a bucket without versions each object once. */
async function* pageVersions(client: S3, { bucket, prefix }: Place): AsyncIterable<ListObjectVersionsCommandOutput> {
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    const from = { KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker };
    page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...from }));
    yield page;
  } while (page.IsTruncated);
}

/** How much lies below a prefix, old versions counted too. */
export async function measureObjects(
  client: S3,
  bucket: string,
  { prefix = '', onCount = () => {} }: { readonly prefix?: string; readonly onCount?: (amount: Amount) => void } = {},
): Promise<Amount> {
  let amount: Amount = { objects: 0, bytes: 0 };
  for await (const { Versions = [] } of pageVersions(client, { bucket, prefix })) {
    const bytes = Versions.reduce((sum, { Size = 0 }) => sum + Size, 0);
    amount = { objects: amount.objects + Versions.length, bytes: amount.bytes + bytes };
    onCount(amount);
  }
  return amount;
}

async function* pageKeys(client: S3, place: Place): AsyncIterable<readonly ObjectIdentifier[]> {
  for await (const page of pageVersions(client, place)) {
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (found.length) yield found.map(({ Key, VersionId }) => ({ Key, VersionId }));
  }
}

/** What DeleteObjects takes at once; a page of a listing has no more. */
const batchSize = 1000;
/** So many batches are on their way at once; S3 takes 3,500 deletes a second and prefix. */
const atOnce = 4;

async function deleteBatch(client: S3, bucket: string, batch: readonly ObjectIdentifier[]): Promise<void> {
  const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [...batch], Quiet: true } });
  const [first] = (await client.send(command)).Errors ?? [];
  if (!first) return;
  const { Key, Code, Message } = first;
  throw new PlainProblem(`Expected S3 to delete ${Key} of ${bucket}, it said ${Code}: ${Message}`);
}

/** Deletes objects whose keys are known, without a listing. */
export async function deleteKeys(client: S3, bucket: string, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += batchSize) {
    const batch = keys.slice(from, from + batchSize).map((Key) => ({ Key }));
    await deleteBatch(client, bucket, batch);
  }
}

export interface DeleteOptions {
  readonly prefix?: string;
  /** Is told how many are gone. */
  readonly onDeleted?: (objects: number) => void;
}

/** Deletes everything below a prefix: every version, and what uploads in parts left behind. @returns how many objects */
export async function deleteObjects(client: S3, bucket: string, options: DeleteOptions = {}): Promise<number> {
  const { prefix = '', onDeleted = () => {} } = options;
  let deleted = 0;
  const remove = async (batch: readonly ObjectIdentifier[]) => {
    await deleteBatch(client, bucket, batch);
    deleted += batch.length;
    onDeleted(deleted);
  };
  // What was written meanwhile goes, too: over when a look from the start finds nothing.
  for (let before = -1; deleted > before; ) {
    before = deleted;
    await pMap(pageKeys(client, { bucket, prefix }), remove, { concurrency: atOnce });
  }
  await abortUploads(client, bucket, prefix);
  return deleted;
}

async function abortUploads(client: S3, bucket: string, prefix: string): Promise<void> {
  let page: ListMultipartUploadsCommandOutput | undefined;
  do {
    const from = { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker };
    page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...from }));
    for (const { Key, UploadId } of page.Uploads ?? []) {
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  } while (page.IsTruncated);
}
