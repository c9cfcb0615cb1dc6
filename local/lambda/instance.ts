import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ACCOUNT, REGION } from '../names.ts';

export interface FunctionSpec {
  readonly name: string;
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly logDir: string;
  readonly cacheDir: string;
}

export interface Invocation {
  readonly payload: string;
  readonly functionError?: string;
}

interface InstanceCall {
  readonly requestId: string;
  readonly event: string;
  /** How far the clock of the host is off. */
  readonly clockOffsetMs?: number;
}

/** One warm sandbox of a function: a thread with an environment of its own, for one invocation at a time. */
export interface LambdaInstance {
  invoke(call: InstanceCall): Promise<Invocation>;
  /** The bundle is imported, or failed to be. */
  readonly ready: Promise<void>;
  isAlive(): boolean;
  close(): Promise<void>;
}

export function startInstance(spec: FunctionSpec): LambdaInstance {
  const thread = startThread(spec);
  let isAlive = true;
  let settle: ((result: Invocation) => void) | undefined;
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>();
  const exit = (reason: string) => {
    isAlive = false;
    becomeReady();
    settle?.(toSandboxFailure('Runtime.ExitError', reason));
  };
  thread.on('message', (message: Invocation | { readonly isReady: true }) => {
    if ('isReady' in message) becomeReady();
    else settle?.(message);
  });
  thread.on('error', (error: Error) => exit(`Error: Runtime exited with error: ${error.message}`));
  thread.on('exit', (code) => exit(`Error: Runtime exited with error: exit status ${code}`));

  return {
    ready,
    isAlive: () => isAlive,
    close: async () => void (await thread.terminate()),
    invoke: async ({ requestId, event, clockOffsetMs = 0 }) => {
      const { promise, resolve } = Promise.withResolvers<Invocation>();
      settle = resolve;
      const seconds = spec.timeoutSeconds;
      // A thread that spins can't be asked to stop: a new one takes its place.
      const timer = setTimeout(() => {
        isAlive = false;
        resolve(toTimeout(requestId, seconds));
        void thread.terminate();
      }, seconds * 1000);
      thread.postMessage({ requestId, event, clockOffsetMs, deadline: Date.now() + seconds * 1000 });
      const result = await promise;
      clearTimeout(timer);
      settle = undefined;
      return result;
    },
  };
}

function startThread({ name, bundle, environment, logDir, cacheDir }: FunctionSpec): Worker {
  const thread = new Worker(new URL('./runtime.ts', import.meta.url), {
    env: { ...environment, AWS_LAMBDA_FUNCTION_NAME: name },
    // Nothing of the host's own flags: a test runner's loader has no place in a function.
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: {
      name,
      bundle: pathToFileURL(bundle).href,
      arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
      compileCache: path.join(cacheDir, 'compile'),
    },
  });
  const log = createWriteStream(path.join(logDir, `${name}.log`), { flags: 'a' });
  thread.stdout.pipe(log, { end: false });
  thread.stderr.pipe(log, { end: false });
  thread.on('exit', () => log.end());
  return thread;
}

function toTimeout(requestId: string, seconds: number): Invocation {
  return toSandboxFailure(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  );
}

export function toSandboxFailure(errorType: string, errorMessage: string): Invocation {
  return { functionError: 'Unhandled', payload: JSON.stringify({ errorType, errorMessage }) };
}
