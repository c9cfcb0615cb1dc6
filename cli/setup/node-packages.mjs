import { join } from 'node:path';
import { SetupProblem } from './problem.mjs';
import { runQuietly } from './run-quietly.mjs';
import { makeStamp } from './stamp.mjs';

const oldestNode = 20;

export function setUpNode({ root, say, checkDisk }) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    throw new SetupProblem(
      `Expected Node ${oldestNode} or newer, found ${process.versions.node}. To fix: install Node 20+.`,
    );
  }
  const stamp = makeStamp(join(root, 'node_modules', '.spot-diffusion'), [join(root, 'package-lock.json')]);
  if (stamp.isFresh()) return;
  checkDisk(1);
  say('Installing the Node packages of package-lock.json (about 650 MB, Node 24 among them) ...');
  runQuietly('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    hint: 'To fix: check that the npm registry can be reached.',
  });
  stamp.write();
}
