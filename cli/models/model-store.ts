import { readdir, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { toObjectKey } from '../../local/bucket/object-path.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { findHolders } from '../target/holders.ts';
import { joinHolder, toStateDir, toStateFlag } from '../target/local-target.ts';
import { type Amount, deleteKeys, deleteObjects, measureObjects } from '../target/objects.ts';
import type { Target } from '../target/target.ts';
import { modelPrefix, readStoredFolders, readStoredModels, type StoredModel } from './stored-models.ts';

/** Where weights lie, and who may be reading them. */
export interface ModelStore extends Pick<Target, 'kind' | 'flags'> {
  readonly targets: readonly Target[];
  list(): Promise<readonly StoredModel[]>;
  measure(id: string): Promise<Amount>;
  remove(id: string): Promise<void>;
}

const makeBucketStore = (target: Target): ModelStore => ({
  kind: target.kind,
  flags: target.flags,
  targets: [target],
  list: () => readStoredModels(target.s3, target.bucket.name),
  measure: (id) => measureObjects(target.s3, target.bucket.name, { prefix: modelPrefix(id) }),
  remove: async (id) => void (await deleteObjects(target.s3, target.bucket.name, { prefix: modelPrefix(id) })),
});

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

export async function measureFolder(folder: string): Promise<Amount> {
  const files = await listFiles(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return { objects: files.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

/** Read as files: a listing by S3 would make a local run take all weights into its memory. Who serves them is told by S3. */
function makeFolderStore(stateDir: string, targets: readonly Target[]): ModelStore {
  const bucketDir = join(stateDir, 'bucket');
  const folderOf = (id: string) => join(bucketDir, modelPrefix(id));
  return {
    kind: 'local',
    flags: toStateFlag(stateDir),
    targets,
    list: () => readStoredFolders(stateDir),
    measure: (id) => measureFolder(folderOf(id)),
    remove: async (id) => {
      const files = await listFiles(folderOf(id));
      const keys = files.map((file) => toObjectKey(relative(bucketDir, file).split(sep).join('/')));
      for (const { s3, bucket } of targets) await deleteKeys(s3, bucket.name, keys);
      // The cache of the workers is of the same files: they take room until both are gone.
      for (const folder of [bucketDir, join(stateDir, 'worker-cache')]) {
        await rm(join(folder, modelPrefix(id)), { recursive: true, force: true });
      }
    },
  };
}

/** Unlike a command on a job it starts no workflow. */
export async function openModelStore({ stack, state }: PlaceFlags): Promise<ModelStore> {
  if (stack !== undefined) {
    return makeBucketStore(await (await import('../target/aws-target.ts')).openAwsTarget(stack));
  }
  const stateDir = toStateDir({ state });
  const holders = await findHolders(stateDir);
  return makeFolderStore(
    stateDir,
    holders.map((holder) => joinHolder(holder, stateDir)),
  );
}
