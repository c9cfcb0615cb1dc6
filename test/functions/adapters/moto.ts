import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '../../..');

export interface Moto {
  /** What an SDK client needs to talk to it. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (!address || typeof address === 'string') throw new Error('Expected a port');
  return address.port;
}

/** AWS on this machine, in a process of its own that `stop` ends. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  const child = spawn(path.join(root, '.venv/bin/python'), args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (answer?.ok) {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      return { client: { endpoint, region: 'us-east-1', credentials }, stop };
    }
    if (child.exitCode !== null) throw new Error(`Expected moto to start, it ended with ${child.exitCode}`);
    await sleep(100);
  }
  await stop();
  throw new Error('Expected moto to answer within 30 s');
}

/** A middleware: each request waits for the one before it. What AWS does atomically, moto's threads do not. */
export function inLine() {
  let last: Promise<unknown> = Promise.resolve();
  return <Args, Answer>(next: (args: Args) => Promise<Answer>) =>
    (args: Args): Promise<Answer> => {
      const turn = last.then(() => next(args));
      last = turn.catch(() => undefined);
      return turn;
    };
}
