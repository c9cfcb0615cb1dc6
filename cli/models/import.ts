import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findModel } from '../../functions/core/input/models.ts';
import { checkOnAws, type PlaceFlags } from '../grammar/flags.ts';
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
  child.once('exit', (code, signal) => {
    // It had no word of its own: as a rule the system ran out of memory.
    if (signal) say(`The import of ${id} was ended by ${signal}. To fix: start it again, with more memory free.`);
    end(code ?? 1);
  });
  const isImported = (await promise) === 0;
  answer(place.json, { model: id, imported: isImported });
  return isImported ? 0 : 1;
}

/** `models import`: weights into the bucket. */
export async function importModel(id: string, flags: ImportFlags): Promise<number> {
  checkModelId(id, 'import');
  checkOnAws('--no-wait', flags.wait === false, flags);
  const licence = licenceLine(id, flags.stack === undefined ? 'local' : 'aws');
  if (licence) say(licence);
  const { stack } = flags;
  if (stack === undefined) return importHere(id, flags);
  const { importByBuild } = await import('./import-build.ts');
  return importByBuild(id, stack, flags);
}
