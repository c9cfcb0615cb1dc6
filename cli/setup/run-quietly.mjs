import { spawnSync } from 'node:child_process';
import { SetupProblem } from './problem.mjs';

/** npm gives its reason first and its usage last, pip the other way round. */
const shorten = (lines) => (lines.length > 20 ? [...lines.slice(0, 8), '...', ...lines.slice(-12)] : lines).join('\n');

/** Runs a command; its output is shown only when it fails, after one line that says what to do. */
export function runQuietly(command, args, { cwd, env, hint }) {
  const done = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status === 0) return;
  // Ctrl-C reaches the child, too: nothing to explain.
  if (done.signal) throw new SetupProblem('The set-up was interrupted. The same command goes on from there.');
  const said = [done.stderr, done.stdout, done.error?.message].filter(Boolean).join('\n').trim();
  throw new SetupProblem(`\`${[command, ...args].join(' ')}\` failed. ${hint}\n${shorten(said.split('\n'))}`);
}
