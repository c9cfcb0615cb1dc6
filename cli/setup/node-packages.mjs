import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupProblem } from './problem.mjs';
import { runQuietly } from './run-quietly.mjs';

const oldestNode = 20;

const packagesOf = (...path) => Object.entries(JSON.parse(readFileSync(join(...path), 'utf8')).packages);

/** Whether the packages are there that the lock file names, whoever installed them: npm writes down what it did. */
export function isInstalled(root) {
  try {
    const there = new Map(packagesOf(root, 'node_modules', '.package-lock.json'));
    // Optional ones are of other machines.
    const wanted = packagesOf(root, 'package-lock.json').filter(([path, { optional }]) => path && !optional);
    return wanted.every(([path, { integrity }]) => there.get(path)?.integrity === integrity);
  } catch {
    return false;
  }
}

export function setUpNode({ root, say, checkDisk }) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    throw new SetupProblem(
      `Expected Node ${oldestNode} or newer, found ${process.versions.node}. To fix: install Node 20+.`,
    );
  }
  if (isInstalled(root)) return;
  checkDisk(1);
  say('Installing the Node packages of package-lock.json (about 800 MB, Node 24 among them) ...');
  runQuietly('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    hint: 'To fix: read the reason; most often the npm registry can not be reached.',
  });
}
