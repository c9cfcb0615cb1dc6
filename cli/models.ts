import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { findModel, type Model, modelIds } from '../functions/core/models.ts';
import type { PlaceFlags } from './flags.ts';
import { UsageProblem } from './usage-problem.ts';
import { root, toStateDir } from './workflow.ts';

/** What looks at the pictures of models without a checker of their own; imported like one, draws nothing. */
const classifier = 'safety-classifier';

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

async function describe(model: Model, stateDir: string): Promise<string> {
  const manifest = join(stateDir, 'bucket', 'models', model.id, model.revision, 'manifest.json');
  const here = (await isThere(manifest)) ? 'here' : `npm start -- models import ${model.id}`;
  const where = model.id === 'tiny' ? 'in this repository' : here;
  const gate = model.gate && where !== 'here' ? `; first accept ${model.gate.accept} at ${model.gate.page}` : '';
  return `  ${model.id.padEnd(14)} ${`${model.weightsGib} GiB`.padStart(9)}  ${where}${gate}\n      ${model.title}; ${model.licence}`;
}

/** The models, and which of them are here. */
export async function listModels(place: PlaceFlags): Promise<number> {
  const stateDir = toStateDir(place);
  const models = modelIds.flatMap((id) => findModel(id) ?? []);
  const lines = await Promise.all(models.map((model) => describe(model, stateDir)));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** The same program as in AWS's build; there the bucket is S3's, here the folder that a local run serves. */
export async function importModel(id: string, place: PlaceFlags): Promise<number> {
  const known = [...modelIds, classifier];
  if (!known.includes(id)) {
    const names = known.map((name) => `\`${name}\``).join(', ');
    throw new UsageProblem(`Expected \`models import\` with one of ${names}, got \`${id}\`.`);
  }
  const child = spawn(join(root, '.venv', 'bin', 'python'), ['-m', 'importer'], {
    cwd: join(root, 'container'),
    env: { ...process.env, MODEL: id, STATE_DIR: toStateDir(place) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { promise, resolve: end, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  // 130: Ctrl-C went to both.
  child.once('exit', (code) => end(code ?? 130));
  return promise;
}
