import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findModel, type Model, modelIds } from '../functions/core/models.ts';
import { UsageProblem } from './usage-problem.ts';
import { root } from './workflow.ts';

const options = { state: { type: 'string' } } as const;

/** What looks at the pictures of models without a checker of their own; imported like one, draws nothing. */
const classifier = 'safety-classifier';

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error));
  }
}

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

async function list(stateDir: string): Promise<number> {
  const models = modelIds.flatMap((id) => findModel(id) ?? []);
  const lines = await Promise.all(models.map((model) => describe(model, stateDir)));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** The same program as in AWS's build; there the bucket is S3's, here the folder that a local run serves. */
async function importHere(id: string, stateDir: string): Promise<number> {
  const known = [...modelIds, classifier];
  if (!known.includes(id)) {
    const names = known.map((name) => `\`${name}\``).join(', ');
    throw new UsageProblem(`Expected \`models import\` with one of ${names}, got \`${id}\`.`);
  }
  const child = spawn(join(root, '.venv', 'bin', 'python'), ['-m', 'importer'], {
    cwd: join(root, 'container'),
    env: { ...process.env, MODEL: id, STATE_DIR: stateDir },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { promise, resolve: end, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  // 130: Ctrl-C went to both.
  child.once('exit', (code) => end(code ?? 130));
  return promise;
}

/** `models list` and `models import <id>`. */
export async function modelsCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  const stateDir = resolve(values.state ?? join(root, '.spot-diffusion'));
  const [verb, id, ...rest] = positionals;
  if (verb === 'list' && id === undefined) return list(stateDir);
  if (verb === 'import' && id !== undefined && rest.length === 0) return importHere(id, stateDir);
  throw new UsageProblem('Expected `models list` or `models import <model>`.');
}
