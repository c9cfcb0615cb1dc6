import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  await writeFile(file, JSON.stringify(holder));
  return () => rm(file, { force: true });
}

/** Whatever is answered: somebody listens. */
const answers = (endpoint: string) =>
  fetch(endpoint, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  );

async function read(file: string): Promise<Holder | undefined> {
  try {
    const holder = holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    if (await answers(holder.endpoint)) return holder;
  } catch {
    // Half-written or foreign: nobody can be reached by it.
  }
  await rm(file, { force: true });
  return undefined;
}

export async function findHolders(stateDir: string): Promise<readonly Holder[]> {
  const files = await readdir(folderOf(stateDir)).catch(() => []);
  const found = await Promise.all(files.map((name) => read(join(folderOf(stateDir), name))));
  return found.flatMap((holder) => holder ?? []);
}
