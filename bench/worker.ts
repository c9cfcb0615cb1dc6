import { join } from 'node:path';
import { root, runCommand } from './run-command.ts';

/**
 * The worker's engine beside plain diffusers, by container/bench: `--model tiny|sd-1.5|sdxl|flux-schnell`,
 * `--random-weights`, `--device cuda|cpu` and what `--help` lists.
 */
export async function benchWorker(args: readonly string[]): Promise<unknown> {
  const python = join(root, '.venv', 'bin', 'python');
  const { lastLine } = await runCommand(python, [join(root, 'container', 'bench'), '--json', ...args]);
  return JSON.parse(lastLine);
}
