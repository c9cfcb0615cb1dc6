/** Every check, one after the other; the first that fails ends the run. `npm test` sets up before. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const python = (name) => join('.venv', 'bin', name);
const node = (name) => join('node_modules', '.bin', name);
const folders = ['container', 'models/training', 'local/engine', 'test'];

const checks = [
  ['lint', node('biome'), ['check', '--error-on-warnings']],
  ['lint (Python)', python('ruff'), ['check', '--quiet', ...folders]],
  ['format (Python)', python('ruff'), ['format', '--check', '--quiet', ...folders]],
  ['types', node('tsc'), ['--noEmit']],
  ['types (report page)', node('tsc'), ['--noEmit', '-p', 'functions/core/report/browser']],
  ['types (Python)', node('pyright'), []],
  ['tests', node('vitest'), ['run']],
  ['tests of the model', python('pytest'), ['models/training']],
  ['tests of the worker', python('pytest'), ['container']],
];

for (const [name, command, args] of checks) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.log(`${name} failed.`);
    process.exit(1);
  }
  console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
