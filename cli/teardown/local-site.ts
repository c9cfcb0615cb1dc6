import { execFile } from 'node:child_process';
import { rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { measureFolder } from '../models/model-store.ts';
import { findHolders, type Holder, isAlive } from '../target/holders.ts';
import { toStateDir } from '../target/local-target.ts';
import type { Amount } from '../target/objects.ts';
import { count, size } from '../words/amounts.ts';
import type { Left, Site, TeardownFlags } from './site.ts';
import type { Step } from './steps.ts';

/** What we write into a state folder. It may be a person's own: nothing else in it is touched. */
const scratch = ['worker-cache', 'logs', 'bucket.partial'] as const;
const what: Readonly<Record<string, string>> = {
  bucket: 'pictures, reports and imported weights',
  'worker-cache': "the worker's copy of weights",
  logs: 'logs',
  'bucket.partial': 'what was being written',
};

const isServe = ({ command }: Holder) => command === 'serve';

/** A number in a file may have become another process's: only what looks like ours is ended. */
async function isOurProcess({ pid }: Holder): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return /main\.ts\b.*\bserve\b/.test(stdout);
}

/** As Ctrl-C: workers, engine and functions end with it. */
async function endServe(holder: Holder): Promise<void> {
  const { pid, endpoint } = holder;
  if (!(await isOurProcess(holder))) {
    throw new PlainProblem(
      `Expected process ${pid} to be \`npm start -- serve\`, it is another. To fix: end what answers on ${endpoint}.`,
    );
  }
  process.kill(pid, 'SIGTERM');
  // Its address goes first, its logs last: until the process is gone it writes.
  for (let looks = 150; looks > 0; looks--) {
    if (!isAlive(pid)) return;
    await sleep(200);
  }
  throw new PlainProblem(`Expected \`serve\` (process ${pid}) to end within 30 s, it still answers on ${endpoint}.`);
}

interface Entry extends Amount {
  readonly name: string;
}

async function listEntries(stateDir: string, names: readonly string[]): Promise<readonly Entry[]> {
  const measured = names.map(async (name) => ({ name, ...(await measureFolder(join(stateDir, name))) }));
  return (await Promise.all(measured)).filter(({ objects }) => objects > 0);
}

async function planHere(stateDir: string, withBucket: boolean): Promise<readonly Step[]> {
  const holders = await findHolders(stateDir);
  const busy = holders.find((holder) => !isServe(holder));
  if (busy) {
    throw new PlainProblem(
      `Expected no job to run from ${stateDir}, process ${busy.pid} (\`${busy.command}\`) does. To fix: wait for its end, or press Ctrl-C there.`,
    );
  }
  const names = [...scratch, ...(withBucket ? ['bucket'] : [])];
  const entries = await listEntries(stateDir, names);
  const serves = holders.map(
    (holder): Step => ({
      name: 'serve',
      says: `end \`serve\` on ${holder.endpoint} (process ${holder.pid})`,
      run: () => endServe(holder),
    }),
  );
  const removals = entries.map(
    ({ name, objects, bytes }): Step => ({
      name,
      says: `delete ${join(stateDir, name)}: ${what[name]}, ${count(objects, 'file')}, ${size(bytes)}`,
      ...(serves.length && { after: 'serve' }),
      run: () => rm(join(stateDir, name), { recursive: true, force: true }),
    }),
  );
  return [...serves, ...removals];
}

/** Empty folders go, too; one that holds anything else stays. */
async function sweep(stateDir: string): Promise<void> {
  if ((await findHolders(stateDir)).length) return;
  for (const name of ['bucket', ...scratch]) {
    const folder = join(stateDir, name);
    if (!(await measureFolder(folder)).objects) await rm(folder, { recursive: true, force: true });
  }
  for (const name of ['running', '.']) await rmdir(resolve(stateDir, name)).catch(() => {});
}

async function verifyHere(stateDir: string): Promise<Left> {
  const holders = await findHolders(stateDir);
  const entries = await listEntries(stateDir, ['bucket', ...scratch]);
  const lines = [
    ...holders.map(({ command, pid, endpoint }) => `runs   \`${command}\`, process ${pid}, on ${endpoint}`),
    ...entries.map(
      ({ name, objects, bytes }) =>
        `there  ${join(stateDir, name)}: ${what[name]}, ${count(objects, 'file')}, ${size(bytes)}`,
    ),
  ];
  const isClean = lines.length === 0;
  return {
    lines: isClean ? [`Nothing of ours runs or lies in ${stateDir}.`] : lines,
    json: {
      folder: stateDir,
      running: holders,
      left: entries,
      bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    isClean,
  };
}

/** This machine: one state folder, and who serves it. */
export function openLocalSite(flags: TeardownFlags): Site {
  const stateDir = toStateDir(flags);
  const { bucket = false, everything = false } = flags;
  return {
    plan: () => planHere(stateDir, bucket || everything),
    verify: async (done) => {
      if (done.length) await sweep(stateDir);
      return verifyHere(stateDir);
    },
  };
}
