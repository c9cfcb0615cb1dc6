import { execFile } from 'node:child_process';
import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readTinyRevision } from '../../local/bucket/seed.ts';
import { measureFolder } from '../models/model-store.ts';
import { readStoredFolders, type StoredModel } from '../models/stored-models.ts';
import { findPython } from '../setup/find-python.mjs';
import { root } from '../target/local-target.ts';
import { type DiskFact, type PythonFact, pythonPackages } from './machine-findings.ts';

/** Asks for versions, imports nothing: torch takes seconds. */
const program = `
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
`;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** @param venv the environment; the set-up stamps it with each set of packages that is whole */
export async function readPython(venv = join(root, '.venv')): Promise<PythonFact> {
  const stamps = ['worker', 'local'].map((name) => exists(join(venv, `.spot-diffusion-${name}`)));
  if ((await Promise.all(stamps)).includes(false)) return { isSetUp: false, base: findPython() };
  const { stdout } = await promisify(execFile)(join(venv, 'bin', 'python'), ['-c', program, ...pythonPackages]);
  return { isSetUp: true, versions: z.record(z.string(), z.string()).parse(JSON.parse(stdout)) };
}

/** The folder, or where it would be made. */
async function existing(folder: string): Promise<string> {
  return (await exists(folder)) || dirname(folder) === folder ? folder : existing(dirname(folder));
}

export async function readDisk(stateDir: string): Promise<DiskFact> {
  const { bavail, bsize } = await statfs(await existing(stateDir));
  return { folder: stateDir, freeBytes: bavail * bsize };
}

/** The tiny model lies in the repository and is published by each start; others were imported. */
export async function readModelsHere(stateDir: string): Promise<readonly StoredModel[]> {
  const tiny = await measureFolder(join(root, 'models', 'tiny'));
  const imported = (await readStoredFolders(stateDir)).filter(({ id }) => id !== 'tiny');
  if (!tiny.objects) return imported;
  const { bytes, objects: files } = tiny;
  return [{ id: 'tiny', revision: await readTinyRevision(root), bytes, files }, ...imported];
}
