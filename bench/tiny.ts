import { join } from 'node:path';
import { root, runCommand } from './run-command.ts';

/** How many of 200 captions the tiny model draws right, judged by models/training/judge.py: `{"right","total",…}`. */
export async function benchTiny(args: readonly string[]): Promise<unknown> {
  const python = join(root, '.venv', 'bin', 'python');
  const { lastLine } = await runCommand(python, ['-m', 'models.training.score', '--json', ...args]);
  return JSON.parse(lastLine);
}
