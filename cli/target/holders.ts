import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/*
 * Who holds a state folder: each running `npm start` leaves a file with its address there, so that `cancel` in another terminal
 * finds the execution, and `resume` does not start what still runs. A file of a process that is gone is swept away.
 */
const holderSchema = z.object({ pid: z.int(), endpoint: z.string(), command: z.string() });

export type Holder = Readonly<z.infer<typeof holderSchema>>;

const folderOf = (stateDir: string) => join(stateDir, 'running');

/** @returns takes it back */
export async function announce(stateDir: string, holder: Holder): Promise<() => Promise<void>> {
  const file = join(folderOf(stateDir), `${holder.pid}.json`);
  await mkdir(folderOf(stateDir), { recursive: true });
  // Whoever reads meanwhile finds all of it, or nothing.
  await writeFile(`${file}.partial`, JSON.stringify(holder));
  await rename(`${file}.partial`, file);
  return () => rm(file, { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's: it can't be asked, and yet is there.
    return Reflect.get(Object(error), 'code') === 'EPERM';
  }
}

/** Whatever is answered: somebody listens. */
const answers = (endpoint: string) =>
  fetch(endpoint, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  );

/** Undefined: nobody can be reached by it now. Who is busy, or just begins, keeps the file of its number. */
async function read(folder: string, name: string): Promise<Holder | undefined> {
  const file = join(folder, name);
  if (!isAlive(Number.parseInt(name, 10))) {
    await rm(file, { force: true });
    return undefined;
  }
  if (!name.endsWith('.json')) return undefined;
  try {
    const holder = holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return (await answers(holder.endpoint)) ? holder : undefined;
  } catch {
    // Foreign, or taken back since it was listed.
    return undefined;
  }
}

export async function findHolders(stateDir: string): Promise<readonly Holder[]> {
  const folder = folderOf(stateDir);
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.map((name) => read(folder, name)));
  return found.flatMap((holder) => holder ?? []);
}
