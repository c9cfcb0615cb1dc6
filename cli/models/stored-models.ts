import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { z } from 'zod';
import { listFolders, readText } from '../target/objects.ts';

/** Weights that are there, whole: the importer writes the manifest last. */
export interface StoredModel {
  readonly id: string;
  readonly revision: string;
  readonly bytes: number;
  readonly files: number;
}

const manifestSchema = z.object({
  id: z.string(),
  revision: z.string(),
  files: z.array(z.object({ bytes: z.number() })),
});

export const modelPrefix = (id: string) => `models/${id}/`;

function toStored(text: string | undefined): readonly StoredModel[] {
  if (text === undefined) return [];
  const { id, revision, files } = manifestSchema.parse(JSON.parse(text));
  return [{ id, revision, bytes: files.reduce((sum, file) => sum + file.bytes, 0), files: files.length }];
}

/** In a bucket of S3, by a handful of listings: the files of a model are not listed. */
export async function readStoredModels(client: S3Client, bucket: string): Promise<readonly StoredModel[]> {
  const models = await listFolders(client, bucket, 'models/');
  const revisions = (await pMap(models, (model) => listFolders(client, bucket, model), { concurrency: 8 })).flat();
  const read = (revision: string) => readText(client, bucket, `${revision}manifest.json`);
  const texts = await pMap(revisions, read, { concurrency: 8 });
  return texts.flatMap(toStored);
}

const foldersOf = async (folder: string) =>
  (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));

/** In the folder of a local run. */
export async function readStoredFolders(stateDir: string): Promise<readonly StoredModel[]> {
  const models = await foldersOf(join(stateDir, 'bucket', 'models'));
  const revisions = (await Promise.all(models.map(foldersOf))).flat();
  const read = (folder: string) => readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined);
  return (await Promise.all(revisions.map(read))).flatMap(toStored);
}
