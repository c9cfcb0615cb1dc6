import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { EngineKeys, UpstreamPlace } from './address/upstream.ts';
import { makeChildEnvironment } from './environment.ts';

/*
 * moto as a child process.
 * Lifecycle: it lives while its stdin is open. Closing it (stop), or our death by whatever way, makes it kill the
 * process groups it was told to watch and end itself; so no worker outlives the local stack.
 */
const STOP_MS = 3_000;

export interface Engine extends UpstreamPlace {
  watch(processGroup: number): void;
  forget(processGroup: number): void;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly python: string;
  readonly cacheDir: string;
  readonly logDir: string;
  /** Where moto's own clients find Lambda and Batch. */
  readonly routerPort: number;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const logFile = path.join(options.logDir, 'engine.log');
  const keys = { key: randomUUID(), ownKey: randomUUID() };
  mkdirSync(options.logDir, { recursive: true });
  const child = spawn(options.python, [path.join(import.meta.dirname, 'engine', 'moto_server.py')], {
    // A group of its own: Ctrl-C in the terminal reaches us, and we end it in order.
    detached: true,
    env: makeEngineEnvironment(options, keys),
  });
  child.stderr.pipe(createWriteStream(logFile));
  // EPIPE when it is already gone: its exit is what counts.
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(
      () => Promise.reject(new Error(`Expected moto to start, it ended at once. To fix: read \`${logFile}\`.`)),
      (cause) =>
        Promise.reject(new Error(`Expected a Python at \`${options.python}\`, found none that starts.`, { cause })),
    ),
  ]);
  return {
    ...keys,
    port: JSON.parse(String(line)).port,
    watch: (group) => void child.stdin.write(`watch ${group}\n`),
    forget: (group) => void child.stdin.write(`forget ${group}\n`),
    stop: async () => {
      child.stdin.end();
      const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(tooLong);
    },
  };
}

function makeEngineEnvironment({ cacheDir, routerPort }: EngineOptions, keys: EngineKeys): NodeJS.ProcessEnv {
  return {
    ...makeChildEnvironment(cacheDir),
    ENGINE_CACHE: cacheDir,
    ENGINE_KEY: keys.key,
    ENGINE_OWN_KEY: keys.ownKey,
    MOTO_PORT: String(routerPort),
    // A page in a browser has no business here: the router refuses it, and moto does not invite it.
    MOTO_DISABLE_GLOBAL_CORS: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    NODE: process.execPath,
    JSONATA: process.env.JSONATA ?? '',
  };
}
