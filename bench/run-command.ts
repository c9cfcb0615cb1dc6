import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
export const python = join(root, '.venv', 'bin', 'python');

export interface Finished {
  /** The last line of stdout. */
  readonly lastLine: string;
  readonly seconds: number;
}

/** Runs a command of the project as a user would; its progress goes to stderr. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  const started = performance.now();
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const status = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`\`${[command, ...args].join(' ')}\` ended with ${status}`);
  return { lastLine: output.trimEnd().split('\n').at(-1) ?? '', seconds };
}
