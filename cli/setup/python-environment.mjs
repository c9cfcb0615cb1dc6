import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPython, howToGetPython, wantedPython } from './find-python.mjs';
import { SetupProblem } from './problem.mjs';
import { runQuietly } from './run-quietly.mjs';
import { makeStamp } from './stamp.mjs';

function needPython() {
  const found = findPython();
  if (found) return found;
  throw new SetupProblem(`Expected ${wantedPython}, found none. To fix: ${howToGetPython}.`);
}

/** PyPI's torch for Linux is the CUDA build. `SPOT_DIFFUSION_TORCH=cpu` asks uv for the CPU build, whose hashes differ. */
function workerArguments(container, small) {
  if (!small) return ['--require-hashes', '-r', join(container, 'requirements.txt')];
  const pins = ['-r', join(container, 'requirements.in'), '-c', join(container, 'requirements.txt')];
  return ['--torch-backend', 'cpu', '--no-verify-hashes', ...pins];
}

export function setUpPython({ root, say, checkDisk, dev }) {
  const at = (...parts) => join(root, ...parts);
  const small = process.env.SPOT_DIFFUSION_TORCH === 'cpu';
  const sets = [
    { name: 'worker', file: at('container', 'requirements.txt'), args: workerArguments(at('container'), small) },
    { name: 'local', file: at('local', 'requirements.txt') },
    ...(dev ? [{ name: 'dev', file: at('cli', 'setup', 'requirements-dev.txt') }] : []),
  ].map((set) => ({ ...set, stamp: makeStamp(at('.venv', `.spot-diffusion-${set.name}`), [set.file, String(small)]) }));
  const missing = sets.filter((set) => !set.stamp.isFresh());
  if (!missing.length) return;
  // PyPI's torch for Linux brings CUDA: 5.4 GB, and some of it again in the download cache.
  checkDisk(small ? 2 : 7);
  const python = needPython();
  const hint = 'To fix: check that the Python package index can be reached, then start again.';
  const inEnvironment = at('.venv', 'bin', 'python');
  const uvStamp = makeStamp(at('.venv', '.spot-diffusion-uv'), [at('cli', 'setup', 'requirements-uv.txt')]);
  if (!existsSync(inEnvironment)) {
    say(`Making a Python environment in .venv (${python}) ...`);
    runQuietly(python, ['-m', 'venv', '--clear', at('.venv')], { cwd: root, hint });
  }
  if (!uvStamp.isFresh()) {
    const file = at('cli', 'setup', 'requirements-uv.txt');
    runQuietly(inEnvironment, ['-m', 'pip', 'install', '--quiet', '--require-hashes', '-r', file], { cwd: root, hint });
    uvStamp.write();
  }
  for (const { name, file, args, stamp } of missing) {
    const size = name === 'worker' ? (small ? 'about 1 GB' : '5.4 GB: torch with CUDA') : 'about 150 MB';
    say(`Installing the Python packages of the ${name} set (${size}) ...`);
    const uv = ['pip', 'install', '--quiet', '--python', inEnvironment, ...(args ?? ['--require-hashes', '-r', file])];
    runQuietly(at('.venv', 'bin', 'uv'), uv, { cwd: root, hint });
    stamp.write();
  }
}
