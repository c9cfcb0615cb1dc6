/**
 * Sets up what `npm start` and `npm test` need: Node packages by the lock file, a Python environment by hashed requirements.
 * With `--node` the Node packages alone: the commands on AWS need no worker here, what runs one asks for the rest.
 * Runs before anything is installed: Node 20 and its own modules, nothing else. Says on stderr what it does and how big it is;
 * a second call finds its stamps and returns at once.
 */
import { statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUpNode } from './setup/node-packages.mjs';
import { SetupProblem } from './setup/problem.mjs';
import { setUpPython } from './setup/python-environment.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => process.stderr.write(`${line}\n`);

/** @param gigabytes that are installed, with what the download cache takes */
function checkDisk(gigabytes) {
  const { bavail, bsize } = statfsSync(root);
  const free = (bavail * bsize) / 1e9;
  if (free >= gigabytes) return;
  throw new SetupProblem(
    `Expected ${gigabytes} GB of free disk for the set-up, found ${free.toFixed(1)} GB at ${root}. ` +
      'To fix: make room, or set SPOT_DIFFUSION_TORCH=cpu for the small build of the Python packages.',
  );
}

try {
  const options = { root, say, checkDisk, dev: process.argv.includes('--dev') };
  setUpNode(options);
  if (!process.argv.includes('--node')) setUpPython(options);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  say(`spot-diffusion: ${error.message}`);
  process.exit(1);
}
