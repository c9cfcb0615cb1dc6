import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A worker and all that it started: one process group, so that no signal misses a grandchild. */
export interface WorkerProcess {
  readonly processGroup: number | undefined;
  readonly exited: Promise<WorkerExit>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

export interface WorkerProcessOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export function startWorkerProcess({ command, cwd, environment, logFile }: WorkerProcessOptions): WorkerProcess {
  const [program = '', ...args] = command;
  const log = openSync(logFile, 'w');
  const child = spawn(program, args, { cwd, env: environment, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const { promise, resolve } = Promise.withResolvers<WorkerExit>();
  child.once('exit', (code, signal) => resolve({ code, signal }));
  // A command that can't be started is what Batch reports as 127, as a shell does.
  child.once('error', () => resolve({ code: 127, signal: null }));
  return {
    processGroup: child.pid,
    exited: promise,
    signal: (name) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // ESRCH: the group ended on its own in the meantime.
      }
    },
  };
}
