import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');
export const python = join(root, '.venv', 'bin', 'python');

export interface Finished {
  /** The last line of stdout. */
  readonly lastLine: string;
  readonly seconds: number;
}

/** Runs a command of the project as a user would, to whatever end; its progress goes to stderr. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished & { readonly exitCode: number }> {
  const started = performance.now();
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const exitCode = await new Promise<number>((resolve, reject) =>
    // Without a code a signal ended it, as a shell would say by 128 and more.
    child.on('error', reject).on('close', (code) => resolve(code ?? 128)),
  );
  const seconds = (performance.now() - started) / 1000;
  return { lastLine: output.trimEnd().split('\n').at(-1) ?? '', seconds, exitCode };
}

/** The same for a command that must end well. */
export async function runCommand(...command: Parameters<typeof runToEnd>): Promise<Finished> {
  const { exitCode, ...finished } = await runToEnd(...command);
  if (exitCode === 0) return finished;
  const [name, args] = command;
  throw new Error(`\`${[name, ...args].join(' ')}\` ended with ${exitCode}`);
}
