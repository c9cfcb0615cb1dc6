import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findModel } from '../../functions/core/input/models.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { root, toStateDir } from '../target/local-target.ts';
import { setUpPython } from '../target/set-up-python.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import type { ImportFlags } from './import-build.ts';
import { checkModelId } from './known-model.ts';

/** What a person must have accepted before the weights are given out; undefined: nothing. */
export function licenceLine(id: string, where: 'local' | 'aws'): string | undefined {
  const gate = findModel(id)?.gate;
  if (!gate) return undefined;
  const token =
    where === 'local'
      ? 'HF_TOKEN in the environment'
      : 'the secret `spot-diffusion/hugging-face-token` (docs/runbook.md#import-a-model)';
  return `${id} is given out to who accepted ${gate.accept} at ${gate.page}, with a token of that account in ${token}.`;
}

/** The same program as in AWS's build; there the bucket is S3's, here the folder that a local run serves. */
async function importHere(id: string, place: PlaceFlags): Promise<number> {
  setUpPython();
  const child = spawn(join(root, '.venv', 'bin', 'python'), ['-m', 'importer'], {
    cwd: join(root, 'container'),
    env: { ...process.env, MODEL: id, STATE_DIR: toStateDir(place) },
    // With --json stdout holds one object alone: its words go to stderr.
    stdio: ['ignore', place.json ? 2 : 'inherit', 'inherit'],
  });
  const { promise, resolve: end, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  // 130: Ctrl-C went to both.
  child.once('exit', (code) => end(code ?? 130));
  const code = await promise;
  answer(place.json, { model: id, imported: code === 0 });
  return code;
}

/** `models import`: weights into the bucket. */
export async function importModel(id: string, flags: ImportFlags): Promise<number> {
  checkModelId(id, 'import');
  const licence = licenceLine(id, flags.stack === undefined ? 'local' : 'aws');
  if (licence) say(licence);
  const { stack } = flags;
  if (stack === undefined) return importHere(id, flags);
  const { importByBuild } = await import('./import-build.ts');
  return importByBuild(id, stack, flags);
}
